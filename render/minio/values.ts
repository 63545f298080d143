import type { Settings } from "../../config/settings";
import { erasureLayout } from "../../domain/erasure";
import { ports, secretNames } from "../../domain/names";
import {
  containerResources,
  mirrored,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  storageClassValue,
  type PodLabels,
  type Values,
} from "../pod";
import { spreadValues } from "../spread";
import { speaksTls, tlsFiles } from "../tls";

/** What MinIO's chart needs to know. */
export type MinioValuesInput = Pick<Settings, "minio" | "images" | "spread" | "storageClass" | "tls"> & PodLabels;

const user = 1000;

/** Values of the chart minio 5.4.0. */
export function minioValues({ minio, images, spread, storageClass, tls, podLabels = {} }: MinioValuesInput): Values {
  const image = mirrored(images.minio, images.mirror);
  const distributed = minio.servers > 1;
  const repository = `${image.registry}/${image.repository}`;
  // The chart knows no digest, but writes `repository:tag`.
  const tag = image.digest === undefined ? image.tag : `${image.tag}@${image.digest}`;
  return {
    fullnameOverride: "minio",
    mode: distributed ? "distributed" : "standalone",
    replicas: minio.servers,
    drivesPerNode: minio.drivesPerServer,
    image: { repository, tag },
    // Its own account would mount a token that MinIO has no use for; the namespace's default one mounts none.
    serviceAccount: { create: false },
    imagePullSecrets: secretRefs(images.pullSecrets),
    existingSecret: secretNames.minioRoot,
    podLabels,
    // The chart's default is a console user with a known password; users, policies and buckets are ours to make.
    users: [],
    policies: [],
    buckets: [],
    persistence: { enabled: true, size: minio.volumeSize, ...storageClassValue(storageClass) },
    resources: containerResources(minio.resources),
    securityContext: { enabled: true, ...restrictedPod(user) },
    containerSecurityContext: restrictedContainer,
    certsPath,
    ...(speaksTls({ tls }) ? ownCertificate : noCertificate),
    environment: {
      MINIO_API_STALE_UPLOADS_EXPIRY: `${minio.staleUploadHours}h`,
      MINIO_UPDATE: "off",
      ...(minio.parity === undefined ? {} : { MINIO_STORAGE_CLASS_STANDARD: `EC:${minio.parity}` }),
    },
    // Metrics without credentials are the chart's default.
    metrics: { serviceMonitor: { public: false } },
    extraContainers: [readiness(`${repository}:${tag}`, speaksTls({ tls }))],
    ...(distributed ? distributedValues(minio, spread) : standaloneValues),
  };
}

const certsPath = "/etc/minio/certs/";

/** MinIO makes its certificate folder where it is missing, which a read-only root forbids. */
const noCertificate: Values = {
  extraVolumes: [{ name: "certs", emptyDir: {} }],
  extraVolumeMounts: [{ name: "certs", mountPath: certsPath }],
};

/**
 * MinIO reads a renewed certificate by itself. Its servers know each other by the authority, which is in the same
 * Secret.
 */
const ownCertificate: Values = {
  tls: { enabled: true, certSecret: secretNames.tls, publicCrt: tlsFiles.certificate, privateKey: tlsFiles.key },
  trustedCertsSecret: secretNames.tls,
};

// Two servers must never hold one volume, not even during an update.
const standaloneValues: Values = { deploymentUpdate: { type: "Recreate" } };

function distributedValues(minio: Settings["minio"], spread: Settings["spread"]): Values {
  return {
    ...spreadValues(spread, { app: "minio", release: "minio" }),
    podDisruptionBudget: { enabled: true, maxUnavailable: erasureLayout(minio)?.serversLostForWrites ?? 0 },
  };
}

/**
 * The chart gives MinIO no probe, so requests would go to one that is only starting, and an update would stop the next
 * server before the last one is back, and with it the write quorum. This container asks for it: its pod is ready when
 * MinIO can read there, and an update waits for that.
 */
function readiness(image: string, secured: boolean): Values {
  return {
    name: "readiness",
    image,
    command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while true; do sleep 3600 & wait; done"],
    readinessProbe: {
      httpGet: { path: "/minio/health/cluster/read", port: ports.minioApi, ...(secured ? { scheme: "HTTPS" } : {}) },
      periodSeconds: 5,
      timeoutSeconds: 3,
    },
    resources: containerResources({ cpuRequest: "1m", memoryRequest: "4Mi", memoryLimit: "16Mi" }),
    securityContext: restrictedContainer,
  };
}
