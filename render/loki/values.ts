import { resourcesOfTarget } from "../../config/targetResources";
import { ports } from "../../domain/names";
import { gatewaySeconds } from "../../domain/timeouts";
import { hasPeers, type Replicas } from "../../domain/topologies";
import { inUrl } from "../../domain/url";
import { scrapeAnnotations } from "../monitoring/scrapes";
import { chartIds, containerResources, secretRefs, storageClassValue, type Labels, type Values } from "../pod";
import { annotated, given, placementValues } from "../placement";
import { generationAnnotations, podAnnotations } from "../rotation";
import { spreadValues } from "../spread";
import { authorityIn, identityOf, speaksTls, tlsFiles, tlsPath } from "../tls";
import { lokiConfigText, schemaPeriod } from "./config";
import { authenticatingGateway } from "./gateway";
import { retriesOf } from "./retries";
import { pushMegabytes, runtimeConfig } from "./limits";
import { rulerPod } from "./ruler";
import type { LokiSpec } from "./spec";

/** Values of Loki's chart. The chart supplies workloads and Services; `loki.config` is entirely ours. */
export function lokiValues(spec: LokiSpec, podLabels: Labels = {}): Values {
  const { authentication, buckets, caches, clusterDomain, resolver, spread, storageClass, volumeSize } = spec;
  const { cache, deploymentMode, replicas } = spec.topology;
  const workload = (target: keyof Replicas, count: number) => ({
    replicas: count,
    // A target without a volume keeps its index cache on the node's disk. There it may be as large as on a volume.
    resources: containerResources(resourcesOfTarget(spec, target), target === "gateway" ? undefined : volumeSize),
    ...placementValues(
      spec,
      spreadValues(spread, {
        "app.kubernetes.io/component": target === "singleBinary" ? "single-binary" : target,
        "app.kubernetes.io/instance": "loki",
        "app.kubernetes.io/name": "loki",
      }),
    ),
    ...podAnnotations(
      target === "gateway" ? spec.podAnnotations : spec.scrapeAnnotations ? scrapeAnnotations("loki") : {},
    ),
    // At most one at a time, so that each ring keeps its quorum.
    podDisruptionBudget: { enabled: count > 1, ...(count > 1 ? { maxUnavailable: 1 } : {}) },
  });
  // On a stop, Loki flushes to the object store. What it cannot flush in this time stays in the write-ahead log, on the
  // volume.
  const flushing = { terminationGracePeriodSeconds: 120 };
  const volume = { size: volumeSize, ...storageClassValue(storageClass), enableStatefulSetAutoDeletePVC: false };
  const shared = cache === "memcached";
  const secured = speaksTls(spec);
  const auth = authentication === "basic" ? authenticatingGateway(spec) : undefined;
  const retries = retriesOf(spec, auth?.locationSnippet);
  const [trust, identity] = [authorityIn(spec.storeCa), identityOf(spec)];
  const keys = spec.storeCredentials === "secret" ? [spec.storeSecret] : [];
  return {
    fullnameOverride: "loki",
    deploymentMode,
    global: { clusterDomain, dnsService: resolver.service, dnsNamespace: resolver.namespace },
    imagePullSecrets: secretRefs(spec.pullSecrets),
    loki: {
      image: spec.image,
      podSecurityContext: chartIds(spec),
      // For every pod, including the gateway and the caches.
      podLabels: { ...spec.podLabels, ...podLabels },
      // For the targets only, which are the pods that have the login.
      ...podAnnotations({ ...spec.podAnnotations, ...generationAnnotations("lokiStore", spec.store) }),
      ...given("serviceAnnotations", spec.serviceAnnotations),
      auth_enabled: true,
      configStorageType: "Secret",
      config: lokiConfigText(spec),
      runtimeConfig: runtimeConfig(spec),
      // Only the chart's validation and its Services read these. Loki itself uses the configuration above.
      schemaConfig: { configs: spec.schema.map(schemaPeriod) },
      storage: { type: "s3", bucketNames: { chunks: buckets.chunks, ruler: buckets.ruler ?? buckets.chunks } },
    },
    defaults: {
      extraEnvFrom: [...keys, ...spec.envFromSecrets].map((name) => ({ secretRef: { name } })),
      extraVolumes: trust.volumes,
      extraVolumeMounts: trust.mounts,
      automountServiceAccountToken: false,
      // By default, the chart sends requests to pods that cannot answer yet.
      service: { publishNotReadyAddresses: false },
    },
    serviceAccount: {
      automountServiceAccountToken: false,
      ...given("annotations", spec.serviceAccountAnnotations),
    },
    singleBinary: {
      ...workload("singleBinary", replicas.singleBinary),
      ...flushing,
      ...rulerPod(spec),
      sidecar: false,
      persistence: { enabled: true, ...volume },
    },
    write: { ...workload("write", replicas.write), ...flushing, persistence: { volumeClaimsEnabled: true, ...volume } },
    read: workload("read", replicas.read),
    // The compactor's markers are on the backend's volume, which the chart would delete by default. The backend has
    // nothing to flush, and its stop sometimes waits forever for its queriers: hence the short grace period.
    backend: {
      ...workload("backend", replicas.backend),
      terminationGracePeriodSeconds: 60,
      ...rulerPod(spec),
      sidecar: false,
      persistence: { volumeClaimsEnabled: true, ...volume },
      automountServiceAccountToken: false,
    },
    gateway: {
      enabled: replicas.gateway > 0,
      ...workload("gateway", Math.max(1, replicas.gateway)),
      image: spec.gatewayImage,
      podSecurityContext: chartIds(spec),
      nginxConfig: {
        clientMaxBodySize: `${pushMegabytes(spec)}M`,
        // nginx ends if it can't listen, as on a node without IPv6.
        enableIPv6: spec.ipFamilies.includes("IPv6"),
        ...(resolver.address === undefined ? {} : { resolver: inUrl(resolver.address) }),
        ...retries.urls,
        ...httpSnippet([
          ...retries.httpSnippets,
          ...(secured ? [certificateFolder] : []),
          ...(auth?.httpSnippets ?? []),
        ]),
        ssl: secured,
        serverSnippet: [
          ...timeouts(spec),
          ...retries.serverSnippets,
          ...(secured ? [ownCertificate] : []),
          ...(auth?.serverSnippets ?? []),
        ].join("\n"),
        ...(auth === undefined ? {} : { locationSnippet: auth.locationSnippet }),
      },
      ...(auth === undefined ? {} : { basicAuth: auth.basicAuth }),
      service: {
        port: secured ? ports.gatewayTls : ports.gateway,
        ...given("annotations", spec.serviceAnnotations),
      },
      readinessProbe: { httpGet: { scheme: secured ? "HTTPS" : "HTTP" } },
      extraVolumes: [...identity.volumes, ...(auth?.volumes ?? [])],
      extraVolumeMounts: [...identity.mounts, ...(auth?.mounts ?? [])],
      metrics: { enabled: false },
    },
    // A process is ready once a querier has found it.
    memberlist: { service: { publishNotReadyAddresses: hasPeers(spec.topology) } },
    // The chart's defaults request 9.6 GiB and 1.2 GiB of memory.
    chunksCache: { ...sharedCache(spec, shared ? caches.chunksMb : 0), ...chunksDisk(spec) },
    resultsCache: sharedCache(spec, shared ? caches.resultsMb : 0),
    memcached: { enabled: shared, image: memcachedImage(spec), podSecurityContext: chartIds(spec) },
    memcachedExporter: { enabled: false },
    // Rules come from the object store, so no sidecar has to read every ConfigMap and Secret.
    sidecar: { rules: { enabled: false } },
    rbac: { namespaced: true },
    // The canary pushes to Loki itself, so it does not test Alloy. The chart's test needs the canary.
    lokiCanary: { enabled: false },
    test: { enabled: false },
  };
}

/** The chart's are fixed. nginx could wait for a minute until it gives up a pod that is gone. */
function timeouts({ query }: LokiSpec): string[] {
  const seconds = gatewaySeconds(query.timeoutSeconds);
  return [`proxy_read_timeout ${seconds}s;`, `proxy_send_timeout ${seconds}s;`, "proxy_connect_timeout 10s;"];
}

/**
 * With a variable in the path, nginx reads the certificate at each handshake. So it uses a renewed one without a
 * restart.
 */
const certificateFolder = `map $ssl_server_name $certificates { default ${tlsPath}; }`;
const ownCertificate = [
  `ssl_certificate $certificates/${tlsFiles.certificate};`,
  `ssl_certificate_key $certificates/${tlsFiles.key};`,
  "ssl_protocols TLSv1.2 TLSv1.3;",
].join("\n");

function httpSnippet(lines: readonly string[]): Values {
  return lines.length === 0 ? {} : { httpSnippet: lines.join("\n") };
}

/**
 * CPU and memory of one memcached with a cache of `megabytes`. A fifth more is for connections and its own index; that
 * figure is the chart's.
 */
export function cacheResources(megabytes: number): { cpuRequest: string; memoryRequest: string; memoryLimit: string } {
  const memory = `${Math.ceil(megabytes * 1.2)}Mi`;
  return { cpuRequest: "50m", memoryRequest: memory, memoryLimit: memory };
}

function sharedCache(spec: LokiSpec, megabytes: number): Values {
  return megabytes === 0
    ? { enabled: false }
    : {
        enabled: true,
        replicas: 1,
        allocatedMemory: megabytes,
        resources: containerResources(cacheResources(megabytes)),
        ...placementValues(spec),
        ...podAnnotations(spec.podAnnotations),
        ...annotated("service", spec.serviceAnnotations),
        podDisruptionBudget: { enabled: false },
      };
}

/** The volume of the chunk cache. memcached keeps on disk what no longer fits into memory. */
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

/** The chart has no digest for memcached. It writes `repository:tag`, so the digest goes into the tag. */
function memcachedImage({ memcachedImage: { registry, repository, tag, digest } }: LokiSpec): Values {
  return { registry, repository, tag: digest === undefined ? tag : `${tag}@${digest}` };
}
