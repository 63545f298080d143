import type { Profile } from "./settings";

/*
 * The defaults of every setting, dev and prod side by side: `both(x)` where they agree, `per(dev, prod)` where they
 * differ.
 */

class PerProfile<T> {
  constructor(
    readonly dev: T,
    readonly prod: T,
  ) {}
}

const per = <T>(dev: T, prod: T) => new PerProfile(dev, prod);
const both = <T>(value: T) => new PerProfile(value, value);

/** requests, then limits; a CPU limit only where the specification asks for one, since it throttles. */
const resources = (cpuRequest: string, memoryRequest: string, memoryLimit: string, cpuLimit?: string) => ({
  cpuRequest,
  memoryRequest,
  memoryLimit,
  ...(cpuLimit === undefined ? {} : { cpuLimit }),
});

const image = (registry: string, repository: string, tag: string) => both({ registry, repository, tag });

const table = {
  topology: per("single-binary", "simple-scalable"),
  tenant: both("logharbor"),
  protectData: per(false, true),
  allow: both([]),
  spread: { nodes: per("preferred", "required"), zones: both("preferred") },
  networkPolicies: both(true),
  ingressNamespaces: both([]),
  apiServerPorts: both([443, 6443]),
  namespaces: {
    minio: both("logharbor-minio"),
    loki: both("logharbor-loki"),
    alloy: both("logharbor-alloy"),
    grafana: both("logharbor-grafana"),
  },
  existingNamespaces: both([]),
  minio: {
    servers: per(1, 4),
    drivesPerServer: per(1, 2),
    volumeSize: per("10Gi", "100Gi"),
    resources: per(resources("100m", "256Mi", "1Gi"), resources("500m", "1Gi", "2Gi")),
    buckets: { chunks: both("loki-bucket"), ruler: both("loki-ruler-bucket") },
    staleUploadHours: both(24),
    tunnelPort: both(39000),
  },
  loki: {
    volumeSize: both("10Gi"),
    resources: per(resources("100m", "256Mi", "1Gi"), resources("500m", "1Gi", "2Gi")),
    replicas: {},
    schema: both([{ from: "2024-04-01", schema: "v13", indexPrefix: "loki_index_" }]),
    // docs/benchmarks.md: a third to more than half less stored than with snappy, for 1.3 to 1.5 times its processor
    // time to read. zstd stores less still, but takes hundreds of megabytes whenever an ingester flushes.
    chunkEncoding: both("gzip"),
    // In dev results are cached in process and chunks not at all; memcached's default of the chart asks for 9.6 GiB.
    caches: { chunksMb: per(0, 1024), resultsMb: per(64, 256) },
    query: { parallelism: per(16, 64), maxConcurrent: per(4, 8) },
    limits: {
      ingestionRateMb: both(16),
      ingestionBurstSizeMb: both(32),
      // 100 nodes of 50 containers are 5,000 streams, twice that while all roll over. docs/limits.md has the memory
      // that they take.
      maxStreams: per(10000, 20000),
      maxEntriesLimitPerQuery: both(5000),
      maxOutstandingRequestsPerTenant: both(256),
      rejectOldSamplesHours: both(168),
    },
  },
  gateway: { authentication: both("none"), tenants: both([]) },
  tls: { certificates: both("none") },
  retention: {
    hotDays: per(1, 7),
    warmDays: per(7, 30),
    streams: both([]),
    deleteDelayHours: both(2),
    deleteWorkers: both(10),
    compactionIntervalMinutes: both(10),
  },
  alloy: {
    source: both("files"),
    podAs: both("structured-metadata"),
    excludeNamespaces: both([]),
    limits: {},
    resources: per(resources("50m", "128Mi", "512Mi"), resources("100m", "256Mi", "1Gi", "1")),
  },
  grafana: {
    enabled: both(true),
    volumeSize: both("5Gi"),
    resources: per(resources("50m", "128Mi", "512Mi"), resources("100m", "256Mi", "1Gi")),
  },
  charts: {
    // The open-source charts of Loki and Grafana moved to grafana-community in 2026; the old repository's Loki chart is
    // for the enterprise product.
    loki: both({ repository: "https://grafana-community.github.io/helm-charts", version: "18.11.0" }),
    grafana: both({ repository: "https://grafana-community.github.io/helm-charts", version: "12.11.1" }),
    alloy: both({ repository: "https://grafana.github.io/helm-charts", version: "1.11.1" }),
    minio: both({ repository: "https://charts.min.io", version: "5.4.0" }),
  },
  images: {
    pullSecrets: both([]),
    // MinIO's own images are gone from docker.io; silo is the maintained fork with the same variables, disk format and
    // entrypoint.
    minio: image("docker.io", "pgsty/silo", "RELEASE.2026-09-16T00-00-00Z"),
    loki: image("docker.io", "grafana/loki", "3.7.6"),
    alloy: image("docker.io", "grafana/alloy", "v1.18.1"),
    grafana: image("docker.io", "grafana/grafana", "13.2.0"),
    gateway: image("docker.io", "nginxinc/nginx-unprivileged", "1.31-alpine"),
    memcached: image("docker.io", "library/memcached", "1.6.45-alpine"),
  },
};

/** Plain data as it comes from a stack file. */
export type Plain = string | number | boolean | null | undefined | Plain[] | { [key: string]: Plain };

/** Every default of a profile, in the shape of the settings, `profile` included. A new copy at each call. */
export function defaultsFor(profile: Profile): { [key: string]: Plain } {
  const pick = (node: object): Plain =>
    node instanceof PerProfile
      ? (structuredClone(node[profile]) as Plain)
      : Object.fromEntries(Object.entries(node).map(([key, value]) => [key, pick(value as object)]));
  return { profile, ...(pick(table) as { [key: string]: Plain }) };
}
