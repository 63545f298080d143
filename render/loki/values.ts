import { ports, secretNames } from "../../domain/names";
import { containerResources, secretRefs, storageClassValue, type Labels, type Values } from "../pod";
import { spreadValues } from "../spread";
import { identityOf, speaksTls, tlsFiles, tlsPath, trustOf } from "../tls";
import { lokiConfigText, schemaPeriod } from "./config";
import { authenticatingGateway } from "./gateway";
import { pushMegabytes, runtimeConfig } from "./limits";
import type { LokiSpec } from "./spec";

/** Values of Loki's chart: the chart supplies workloads and Services, `loki.config` is wholly ours. */
export function lokiValues(spec: LokiSpec, podLabels: Labels = {}): Values {
  const { authentication, buckets, caches, namespace, spread, storageClass, volumeSize } = spec;
  const { cache, deploymentMode, replicas } = spec.topology;
  const workload = (component: string, count: number) => ({
    replicas: count,
    // The cache of the index of a target without a volume lies on the node's disk: it may be as large there as on a
    // volume.
    resources: containerResources(spec.resources, volumeSize),
    ...spreadValues(spread, {
      "app.kubernetes.io/component": component,
      "app.kubernetes.io/instance": "loki",
      "app.kubernetes.io/name": "loki",
    }),
    // One at a time: a quorum of each ring stays.
    podDisruptionBudget: { enabled: count > 1, ...(count > 1 ? { maxUnavailable: 1 } : {}) },
  });
  // Time to hand the write-ahead log's content to the object store; what that is too short for stays in the log, on the
  // volume.
  const flushing = { terminationGracePeriodSeconds: 120 };
  const volume = { size: volumeSize, ...storageClassValue(storageClass), enableStatefulSetAutoDeletePVC: false };
  const shared = cache === "memcached";
  const secured = speaksTls(spec);
  const scalable = deploymentMode === "SimpleScalable";
  const [trust, identity] = [trustOf(spec), identityOf(spec)];
  return {
    fullnameOverride: "loki",
    deploymentMode,
    imagePullSecrets: secretRefs(spec.pullSecrets),
    loki: {
      image: spec.image,
      // Of every pod, gateway and caches included.
      podLabels,
      auth_enabled: true,
      configStorageType: "Secret",
      config: lokiConfigText(spec),
      runtimeConfig: runtimeConfig(spec),
      // Read by the chart's validation and Services only; the configuration above states them again.
      schemaConfig: { configs: spec.schema.map(schemaPeriod) },
      storage: { type: "s3", bucketNames: { ...buckets } },
    },
    defaults: {
      extraEnvFrom: [{ secretRef: { name: secretNames.lokiStore } }],
      extraVolumes: trust.volumes,
      extraVolumeMounts: trust.mounts,
      automountServiceAccountToken: false,
      // The chart's default sends requests to pods that can't answer.
      service: { publishNotReadyAddresses: false },
    },
    serviceAccount: { automountServiceAccountToken: false },
    singleBinary: {
      ...workload("single-binary", replicas.singleBinary),
      ...flushing,
      sidecar: false,
      persistence: { enabled: true, ...volume },
    },
    write: { ...workload("write", replicas.write), ...flushing, persistence: { volumeClaimsEnabled: true, ...volume } },
    read: workload("read", replicas.read),
    // The compactor's markers live on the backend's volume: the chart's default would delete it.
    // It has nothing to flush, and at times waits for its queriers without end.
    backend: {
      ...workload("backend", replicas.backend),
      terminationGracePeriodSeconds: 60,
      sidecar: false,
      persistence: { volumeClaimsEnabled: true, ...volume },
      automountServiceAccountToken: false,
    },
    gateway: {
      enabled: replicas.gateway > 0,
      ...workload("gateway", Math.max(1, replicas.gateway)),
      resources: containerResources(gatewayResources),
      image: spec.gatewayImage,
      nginxConfig: {
        clientMaxBodySize: `${pushMegabytes(spec)}M`,
        ...(scalable ? handedOn(namespace) : {}),
        ...httpSnippet([...(scalable ? [retries] : []), ...(secured ? [certificateFolder] : [])]),
        ssl: secured,
        serverSnippet: secured ? ownCertificate : "",
        ...(authentication === "basic" ? { locationSnippet: authenticatingGateway.locationSnippet } : {}),
      },
      ...(authentication === "basic" ? { basicAuth: authenticatingGateway.basicAuth } : {}),
      service: { port: secured ? ports.gatewayTls : ports.gateway },
      readinessProbe: { httpGet: { scheme: secured ? "HTTPS" : "HTTP" } },
      extraVolumes: identity.volumes,
      extraVolumeMounts: identity.mounts,
      metrics: { enabled: false },
    },
    // The defaults ask for 9.6 GiB and 1.2 GiB of memory.
    chunksCache: { ...sharedCache(shared ? caches.chunksMb : 0), ...chunksDisk(spec) },
    resultsCache: sharedCache(shared ? caches.resultsMb : 0),
    memcached: { enabled: shared, image: memcachedImage(spec) },
    memcachedExporter: { enabled: false },
    // Rules come from the object store, so no sidecar has to read every ConfigMap and Secret.
    sidecar: { rules: { enabled: false } },
    rbac: { namespaced: true },
    // The canary pushes by itself and so says nothing of Alloy; the chart's test needs the canary.
    lokiCanary: { enabled: false },
    test: { enabled: false },
  };
}

/** The pods that the gateway hands requests on to: by the headless Services it knows them all. */
function handedOn(namespace: string): Values {
  const url = (target: string) => `http://loki-${target}-headless.${namespace}.svc.cluster.local:${ports.lokiHttp}`;
  return {
    customWriteUrl: url("write"),
    customReadUrl: url("read"),
    customBackendUrl: url("backend"),
  };
}

/**
 * A request that a pod leaves unanswered, or that a pod refuses which has just come back and does not know the others
 * yet ("empty ring"), goes to the next one. A push may be repeated, since Loki keeps each line once; a query that took
 * too long (504) is not.
 */
const retries = "proxy_next_upstream error timeout http_500 http_502 http_503 non_idempotent;";

/** By way of a variable, nginx reads the certificate at each handshake, and so has a renewed one without a restart. */
const certificateFolder = `map $ssl_server_name $certificates { default ${tlsPath}; }`;
const ownCertificate = [
  `ssl_certificate $certificates/${tlsFiles.certificate};`,
  `ssl_certificate_key $certificates/${tlsFiles.key};`,
  "ssl_protocols TLSv1.2 TLSv1.3;",
].join("\n");

function httpSnippet(lines: readonly string[]): Values {
  return lines.length === 0 ? {} : { httpSnippet: lines.join("\n") };
}

/** What one gateway reserves: it hands requests on and keeps nothing. */
export const gatewayResources = { cpuRequest: "50m", memoryRequest: "32Mi", memoryLimit: "128Mi" } as const;

/**
 * What one memcached of `megabytes` reserves; a fifth above its memory is for connections and its own index (the
 * chart's figure).
 */
export function cacheResources(megabytes: number): { cpuRequest: string; memoryRequest: string; memoryLimit: string } {
  const memory = `${Math.ceil(megabytes * 1.2)}Mi`;
  return { cpuRequest: "50m", memoryRequest: memory, memoryLimit: memory };
}

function sharedCache(megabytes: number): Values {
  return megabytes === 0
    ? { enabled: false }
    : {
        enabled: true,
        replicas: 1,
        allocatedMemory: megabytes,
        resources: containerResources(cacheResources(megabytes)),
        podDisruptionBudget: { enabled: false },
      };
}

/** memcached keeps on disk what no longer fits its memory. */
function chunksDisk({ caches, storageClass }: LokiSpec): Values {
  if (caches.chunksDiskSize === undefined || caches.chunksMb === 0) return {};
  return {
    persistence: {
      enabled: true,
      storageSize: caches.chunksDiskSize,
      ...storageClassValue(caches.storageClass ?? storageClass),
    },
  };
}

/** The chart's memcached knows no digest, but writes `repository:tag`. */
function memcachedImage({ memcachedImage: { registry, repository, tag, digest } }: LokiSpec): Values {
  return { registry, repository, tag: digest === undefined ? tag : `${tag}@${digest}` };
}
