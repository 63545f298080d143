import type { Settings } from "../../config/settings";
import { erasureLayout } from "../../domain/erasure";
import { ports, secretNames } from "../../domain/names";
import type { PartSpec } from "../part";
import {
  containerResources,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  storageClassValue,
  type Labels,
  type Values,
} from "../pod";
import { spreadValues } from "../spread";
import { speaksTls, tlsFiles } from "../tls";

/** What MinIO is made from. */
export interface MinioSpec extends PartSpec {
  /** Servers; more than one is distributed and erasure-coded. Default: 1. */
  servers: number;
  /** Volumes of each server. Default: 1. */
  drivesPerServer: number;
  /** Drives of each erasure set that may be lost (EC:n). Default: MinIO's own for the set's size. */
  parity?: number;
  /** Size of each volume, a Kubernetes quantity. Default: 10Gi. */
  volumeSize: string;
  /** Age in hours at which MinIO removes the parts of an upload that was never finished. Default: 24. */
  staleUploadHours: number;
  /** How servers are spread over nodes and zones. Default: preferred, preferred. */
  spread: Settings["spread"];
  /** StorageClass of the volumes. Default: the cluster's. */
  storageClass?: string;
}

const user = 1000;

/** Values of MinIO's chart. */
export function minioValues(spec: MinioSpec, podLabels: Labels = {}): Values {
  const {
    drivesPerServer,
    image,
    parity,
    pullSecrets,
    resources,
    servers,
    staleUploadHours,
    storageClass,
    volumeSize,
  } = spec;
  const distributed = servers > 1;
  const secured = speaksTls(spec);
  const repository = `${image.registry}/${image.repository}`;
  // The chart knows no digest, but writes `repository:tag`.
  const tag = image.digest === undefined ? image.tag : `${image.tag}@${image.digest}`;
  return {
    fullnameOverride: "minio",
    mode: distributed ? "distributed" : "standalone",
    replicas: servers,
    drivesPerNode: drivesPerServer,
    image: { repository, tag },
    // Its own account would mount a token that MinIO has no use for; the namespace's default one mounts none.
    serviceAccount: { create: false },
    imagePullSecrets: secretRefs(pullSecrets),
    existingSecret: secretNames.minioRoot,
    podLabels,
    // The chart's default is a console user with a known password; users, policies and buckets are ours to make.
    users: [],
    policies: [],
    buckets: [],
    persistence: { enabled: true, size: volumeSize, ...storageClassValue(storageClass) },
    resources: containerResources(resources),
    securityContext: { enabled: true, ...restrictedPod(user) },
    containerSecurityContext: restrictedContainer,
    certsPath,
    ...(secured ? ownCertificate : noCertificate),
    environment: {
      MINIO_API_STALE_UPLOADS_EXPIRY: `${staleUploadHours}h`,
      MINIO_UPDATE: "off",
      ...(parity === undefined ? {} : { MINIO_STORAGE_CLASS_STANDARD: `EC:${parity}` }),
    },
    // Metrics without credentials are the chart's default.
    metrics: { serviceMonitor: { public: false } },
    extraContainers: [readiness(`${repository}:${tag}`, secured)],
    ...(distributed ? distributedValues(spec) : standaloneValues),
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

function distributedValues(spec: MinioSpec): Values {
  return {
    ...spreadValues(spec.spread, { app: "minio", release: "minio" }),
    podDisruptionBudget: { enabled: true, maxUnavailable: erasureLayout(spec)?.serversLostForWrites ?? 0 },
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
      httpGet: { path: "/minio/health/cluster/read", port: ports.minioApi, scheme: secured ? "HTTPS" : "HTTP" },
      periodSeconds: 5,
      timeoutSeconds: 3,
    },
    resources: containerResources({ cpuRequest: "1m", memoryRequest: "4Mi", memoryLimit: "16Mi" }),
    securityContext: restrictedContainer,
  };
}
