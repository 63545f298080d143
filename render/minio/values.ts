import type { Settings } from "../../config/settings";
import { erasureLayout } from "../../domain/erasure";
import { ports, secretNames } from "../../domain/names";
import type { Generation } from "../../domain/credentials";
import type { PartSpec } from "../part";
import {
  chartIds,
  containerResources,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  storageClassValue,
  type Labels,
  type Values,
} from "../pod";
import { annotated, placementValues } from "../placement";
import { generationAnnotations, podAnnotations } from "../rotation";
import { spreadValues } from "../spread";
import { speaksTls, tlsFiles } from "../tls";

/** Everything that MinIO's release depends on. */
export interface MinioSpec extends PartSpec {
  /** Number of servers. More than one make a distributed MinIO with erasure coding. Default: 1. */
  servers: number;
  /** Number of volumes per server. Default: 1. */
  drivesPerServer: number;
  /** Drives that each erasure set may lose (EC:n). Default: MinIO's default for the size of the set. */
  parity?: number;
  /** Size of each volume, a Kubernetes quantity. Default: 10Gi. */
  volumeSize: string;
  /** Hours after which MinIO removes the parts of an unfinished upload. Default: 24. */
  staleUploadHours: number;
  /** How servers are spread over nodes and zones. Default: preferred, preferred. */
  spread: Settings["spread"];
  /** StorageClass of the volumes. Default: the cluster's. */
  storageClass?: string;
  /** Generation of the root user's password. Default: the first. */
  root: Generation;
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
  // The chart has no digest. It writes `repository:tag`, so the digest goes into the tag.
  const tag = image.digest === undefined ? image.tag : `${image.tag}@${image.digest}`;
  return {
    fullnameOverride: "minio",
    mode: distributed ? "distributed" : "standalone",
    replicas: servers,
    drivesPerNode: drivesPerServer,
    image: { repository, tag },
    // A separate account would mount a token that MinIO does not need. The namespace's default account mounts none.
    serviceAccount: { create: false },
    imagePullSecrets: secretRefs(pullSecrets),
    existingSecret: secretNames.minioRoot,
    podLabels: { ...spec.podLabels, ...podLabels },
    ...podAnnotations({ ...spec.podAnnotations, ...generationAnnotations("minioRoot", spec.root) }),
    ...annotated("service", spec.serviceAnnotations),
    ...annotated("consoleService", spec.serviceAnnotations),
    // By default, the chart makes a console user with a known password. The program makes users, policies and buckets.
    users: [],
    policies: [],
    buckets: [],
    persistence: { enabled: true, size: volumeSize, ...storageClassValue(storageClass) },
    resources: containerResources(resources),
    securityContext: { enabled: true, ...restrictedPod(user, spec), ...chartIds(spec) },
    containerSecurityContext: restrictedContainer,
    certsPath,
    ...(secured ? ownCertificate : noCertificate),
    environment: {
      MINIO_API_STALE_UPLOADS_EXPIRY: `${staleUploadHours}h`,
      MINIO_UPDATE: "off",
      ...(parity === undefined ? {} : { MINIO_STORAGE_CLASS_STANDARD: `EC:${parity}` }),
    },
    // By default, the chart shows metrics without credentials.
    metrics: { serviceMonitor: { public: false } },
    extraContainers: [readiness(`${repository}:${tag}`, secured)],
    ...placementValues(spec, distributed ? spreadValues(spec.spread, { app: "minio", release: "minio" }) : {}),
    ...(distributed ? distributedValues(spec) : standaloneValues),
  };
}

const certsPath = "/etc/minio/certs/";

/** MinIO creates its certificate folder if it is missing, but the root file system is read-only. */
const noCertificate: Values = {
  extraVolumes: [{ name: "certs", emptyDir: {} }],
  extraVolumeMounts: [{ name: "certs", mountPath: certsPath }],
};

/**
 * MinIO reloads a renewed certificate automatically. Its servers trust each other through the CA in the same Secret.
 */
const ownCertificate: Values = {
  tls: { enabled: true, certSecret: secretNames.tls, publicCrt: tlsFiles.certificate, privateKey: tlsFiles.key },
  trustedCertsSecret: secretNames.tls,
};

// Two servers must never use the same volume, not even during an update.
const standaloneValues: Values = { deploymentUpdate: { type: "Recreate" } };

function distributedValues(spec: MinioSpec): Values {
  return {
    podDisruptionBudget: { enabled: true, maxUnavailable: erasureLayout(spec)?.serversLostForWrites ?? 0 },
  };
}

/**
 * The chart gives MinIO no probe. So requests would go to a server that is still starting. An update would stop the
 * next server before the last one is back, and with that the write quorum would be lost. This container has the probe:
 * the pod is ready once MinIO can read, and an update waits for that.
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
