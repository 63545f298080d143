import type { Settings } from "../config/settings";
import { lokiConfigText, schemaPeriod, type LokiConfigInput } from "./lokiConfig";
import { secretNames } from "./names";
import { containerResources, mirrored, secretRefs, storageClassValue, type Values } from "./pod";
import { topologies } from "./topologies";

/** What Loki's chart needs to know. */
export type LokiValuesInput = LokiConfigInput & Pick<Settings, "images" | "storageClass">;

/** Values of the chart loki 18.11.0: the chart supplies workloads and Services, `loki.config` is wholly ours. */
export function lokiValues(input: LokiValuesInput): Values {
  const { images, loki, minio, topology, storageClass } = input;
  const { deploymentMode, replicas } = topologies[topology];
  const workload = (count: number) => ({
    replicas: count,
    resources: containerResources(loki.resources),
    podDisruptionBudget: { enabled: count > 1 },
  });
  const volume = { size: loki.volumeSize, ...storageClassValue(storageClass), enableStatefulSetAutoDeletePVC: false };
  return {
    fullnameOverride: "loki",
    deploymentMode,
    imagePullSecrets: secretRefs(images.pullSecrets),
    loki: {
      image: mirrored(images.loki, images.mirror),
      auth_enabled: true,
      configStorageType: "Secret",
      config: lokiConfigText(input),
      // Read by the chart's validation and Services only; the configuration above states them again.
      schemaConfig: { configs: [schemaPeriod(loki.schemaFrom)] },
      storage: { type: "s3", bucketNames: { chunks: minio.buckets.chunks, ruler: minio.buckets.ruler } },
    },
    defaults: {
      extraEnvFrom: [{ secretRef: { name: secretNames.lokiStore } }],
      automountServiceAccountToken: false,
    },
    serviceAccount: { automountServiceAccountToken: false },
    singleBinary: { ...workload(replicas.singleBinary), sidecar: false, persistence: { enabled: true, ...volume } },
    write: { ...workload(replicas.write), persistence: { volumeClaimsEnabled: true, ...volume } },
    read: workload(replicas.read),
    // The compactor's markers live on the backend's volume: the chart's default would delete it.
    backend: { ...workload(replicas.backend), sidecar: false, persistence: { volumeClaimsEnabled: true, ...volume }, automountServiceAccountToken: false },
    gateway: {
      enabled: replicas.gateway > 0,
      replicas: Math.max(1, replicas.gateway),
      image: mirrored(images.gateway, images.mirror),
      metrics: { enabled: false },
    },
    // The defaults ask for 9.6 GiB and 1.2 GiB of memory; results are cached in process instead.
    chunksCache: { enabled: false },
    resultsCache: { enabled: false },
    memcached: { enabled: false },
    // Rules come from the object store, so no sidecar has to read every ConfigMap and Secret.
    sidecar: { rules: { enabled: false } },
    rbac: { namespaced: true },
    // The canary pushes by itself and so says nothing of Alloy; the chart's test needs the canary.
    lokiCanary: { enabled: false },
    test: { enabled: false },
  };
}
