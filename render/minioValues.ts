import type { Settings } from "../config/settings";
import { secretNames } from "./names";
import { containerResources, mirrored, restrictedContainer, restrictedPod, secretRefs, storageClassValue, type Values } from "./pod";

/** What MinIO's chart needs to know. */
export type MinioValuesInput = Pick<Settings, "minio" | "images" | "storageClass">;

const user = 1000;

/** Values of the chart minio 5.4.0. */
export function minioValues({ minio, images, storageClass }: MinioValuesInput): Values {
  const image = mirrored(images.minio, images.mirror);
  const distributed = minio.servers > 1;
  return {
    fullnameOverride: "minio",
    mode: distributed ? "distributed" : "standalone",
    replicas: minio.servers,
    drivesPerNode: minio.drivesPerServer,
    image: {
      repository: `${image.registry}/${image.repository}`,
      // The chart knows no digest, but writes `repository:tag`.
      tag: image.digest === undefined ? image.tag : `${image.tag}@${image.digest}`,
    },
    imagePullSecrets: secretRefs(images.pullSecrets),
    existingSecret: secretNames.minioRoot,
    // The chart's default is a console user with a known password; users, policies and buckets are ours to make.
    users: [],
    policies: [],
    buckets: [],
    persistence: { enabled: true, size: minio.volumeSize, ...storageClassValue(storageClass) },
    resources: containerResources(minio.resources),
    securityContext: { enabled: true, ...restrictedPod(user) },
    containerSecurityContext: restrictedContainer,
    // MinIO makes its certificate folder where it is missing, which a read-only root forbids.
    certsPath: "/etc/minio/certs/",
    extraVolumes: [{ name: "certs", emptyDir: {} }],
    extraVolumeMounts: [{ name: "certs", mountPath: "/etc/minio/certs/" }],
    environment: {
      MINIO_API_STALE_UPLOADS_EXPIRY: `${minio.staleUploadHours}h`,
      MINIO_UPDATE: "off",
    },
    // Metrics without credentials are the chart's default.
    metrics: { serviceMonitor: { public: false } },
    // Two servers must never hold one volume, not even during an update.
    ...(distributed ? { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } } : { deploymentUpdate: { type: "Recreate" } }),
  };
}
