import { z } from "zod";

import { dangerNames } from "../domain/danger";
import { partNames } from "../domain/parts";
import { topologyNames } from "../domain/topologies";
import { alerts } from "./alerts";
import { alloy } from "./alloySettings";
import { dns, ipFamilies } from "./clusterSettings";
import { images } from "./images";
import { chart, resources, rotation, schemaPeriod, streamRetention, tier } from "./groups";
import {
  bucketName,
  bytes,
  choice,
  dnsLabel,
  flag,
  httpUrl,
  list,
  storageClass,
  tenantName,
  text,
  whole,
} from "./kinds";
import { canary, monitoring } from "./monitoringSettings";
import { identitySettings, podSettings, targetResources } from "./podSettings";

/*
 * Every setting of a stack: what it means, its bounds, and its defaults in dev and prod. Rules between settings are in
 * `rules.ts`.
 */

const replicas = (what: string) =>
  whole({ min: 1, max: 64, about: `Number of ${what}; unset: the topology's default.`, example: 3 }).optional();

const minio = z.strictObject({
  ...podSettings("MinIO's pods"),
  servers: whole({
    min: 1,
    max: 32,
    dev: 1,
    prod: 4,
    about: "Number of MinIO servers. More than one make a distributed MinIO with erasure coding.",
  }),
  drivesPerServer: whole({ min: 1, max: 16, dev: 1, prod: 2, about: "Number of volumes per server." }),
  parity: whole({
    min: 0,
    max: 8,
    about: "Drives that each erasure set may lose (EC:n); unset: MinIO's default for the size of the set.",
    example: 4,
  }).optional(),
  volumeSize: bytes({ dev: "10Gi", prod: "100Gi", about: "Size of each volume.", example: "10Gi" }),
  resources: resources({
    dev: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
    prod: { cpuRequest: "500m", memoryRequest: "1Gi", memoryLimit: "2Gi" },
  }),
  buckets: z.strictObject({
    chunks: bucketName({ both: "loki-bucket", about: "Bucket for Loki's chunks and index." }),
    ruler: bucketName({ both: "loki-ruler-bucket", about: "Bucket for Loki's rules." }),
  }),
  staleUploadHours: whole({
    min: 1,
    max: 720,
    both: 24,
    about: "Hours after which MinIO removes the parts of an unfinished upload.",
  }),
  endpoint: text(
    /^[A-Za-z0-9][A-Za-z0-9.-]*:[1-9]\d{0,4}$/,
    "host:port without a scheme",
  )({
    about:
      "Address at which the machine that runs Pulumi reaches MinIO's API; unset: a tunnel through the Kubernetes API.",
    example: "minio.example.com:9000",
  }).optional(),
  tier: tier.optional(),
  tunnelPort: whole({
    min: 1024,
    max: 65535,
    both: 39000,
    about: "Local port of that tunnel. It is fixed because the provider's state contains it.",
  }),
});

const loki = z.strictObject({
  ...podSettings("Loki's pods, its gateway, caches and Alertmanager included"),
  ...identitySettings("Loki"),
  targetResources,
  volumeSize: bytes({
    both: "10Gi",
    about: "Size of each volume of Loki, which holds the write-ahead log or the compactor's markers.",
  }),
  resources: resources({
    dev: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
    prod: { cpuRequest: "500m", memoryRequest: "1Gi", memoryLimit: "2Gi" },
  }),
  replicas: z.strictObject({
    singleBinary: replicas("processes that each run all of Loki"),
    write: replicas("write targets"),
    read: replicas("read targets"),
    backend: replicas("backend targets"),
    gateway: replicas("gateways"),
  }),
  replicationFactor: whole({
    min: 1,
    max: 9,
    about: "Number of ingesters that hold each line until it is stored; unset: the topology's default.",
    example: 3,
  }).optional(),
  schema: list(schemaPeriod, "schema periods", {
    both: [{ from: "2024-04-01", schema: "v13", indexPrefix: "loki_index_" }],
    about:
      "Periods of the index schema (tsdb), oldest first. To change the schema, append a period that begins in the " +
      "future. Never edit a period that has logs.",
  }).min(1, { error: "must hold at least one period" }),
  // gzip needs a third to more than half less storage than snappy, and 1.3 to 1.5 times its CPU time to read. zstd
  // needs even less storage, but takes hundreds of megabytes of memory whenever an ingester flushes. Measured in
  // docs/benchmarks.md.
  chunkEncoding: choice(["snappy", "lz4", "gzip", "zstd", "none"], { both: "gzip", about: "Compression of chunks." }),
  caches: z.strictObject({
    // dev does not cache chunks at all. With the chart's default, memcached requests 9.6 GiB.
    chunksMb: whole({
      min: 0,
      max: 1_000_000,
      dev: 0,
      prod: 1024,
      about: "Memory of the chunk cache (memcached), in MB; 0: no cache.",
    }),
    chunksDiskSize: bytes({
      about: "Size of a volume that extends the chunk cache, best on a fast local disk; unset: memory only.",
      example: "50Gi",
    }).optional(),
    storageClass: storageClass({
      about: "StorageClass of that volume; unset: the stack's.",
      example: "local-nvme",
    }).optional(),
    resultsMb: whole({
      min: 0,
      max: 1_000_000,
      dev: 64,
      prod: 256,
      about:
        "Memory of the cache for query results, in MB; 0: no cache. A single Loki process caches inside itself, any " +
        "other topology in memcached.",
    }),
  }),
  query: z.strictObject({
    timeoutSeconds: whole({
      min: 10,
      max: 3600,
      both: 300,
      about:
        "Seconds that a query may take. Every hop on its way waits longer: Loki's server, the gateway, Grafana's data " +
        "source, alerts and proxy. An ingress of your own must wait longer too.",
    }),
    parallelism: whole({
      min: 1,
      max: 2048,
      dev: 16,
      prod: 64,
      about: "Parts of one query that may run at the same time (tsdb_max_query_parallelism).",
    }),
    maxConcurrent: whole({
      min: 1,
      max: 256,
      dev: 4,
      prod: 8,
      about: "Parts of queries that one querier runs at the same time.",
    }),
  }),
  limits: z.strictObject({
    ingestionRateMb: whole({
      min: 1,
      max: 10_000,
      both: 16,
      about:
        "Highest ingestion rate of each further tenant (gateway.tenants), in MB/s. The stack's own tenant has no " +
        "limit: Alloy slows down when Loki is busy.",
    }),
    ingestionBurstSizeMb: whole({
      min: 1,
      max: 10_000,
      both: 32,
      about: "Highest ingestion burst of each further tenant, in MB. The tenant's largest push must fit.",
    }),
    // 100 nodes with 50 containers each have 5,000 streams, and twice as many while all of them roll over.
    // docs/limits.md shows how much memory streams take.
    maxStreams: whole({
      min: 100,
      max: 10_000_000,
      dev: 10_000,
      prod: 20_000,
      about: "Most active streams of one tenant. Loki drops and counts the lines of any further stream.",
    }),
    maxEntriesLimitPerQuery: whole({
      min: 1,
      max: 1_000_000,
      both: 5000,
      about: "Most lines that one query returns.",
    }),
    maxOutstandingRequestsPerTenant: whole({
      min: 1,
      max: 100_000,
      both: 256,
      about: "Most query requests of one tenant that may wait in the scheduler.",
    }),
    rejectOldSamplesHours: whole({
      min: 1,
      max: 87_600,
      both: 168,
      about: "Age in hours from which Loki refuses a line. It is also the longest outage of Loki without loss.",
    }),
  }),
});

const retention = z.strictObject({
  hotDays: whole({
    min: 0,
    max: 3650,
    dev: 1,
    prod: 7,
    about: "Hot tier: days for which the index stays on local disk and chunks stay in the chunk cache.",
  }),
  warmDays: whole({
    min: 1,
    max: 3650,
    dev: 7,
    prod: 30,
    about:
      "Warm tier: days to keep logs in MinIO. Then the compactor deletes them, or MinIO moves them to the cold tier " +
      "if the stack has one.",
  }),
  coldDays: whole({
    min: 2,
    max: 3650,
    about:
      "Cold tier: days to keep logs in total. After warmDays they are in the remote tier (minio.tier). Unset: no " +
      "cold tier.",
    example: 365,
  }).optional(),
  streams: list(streamRetention, "retentions of streams", {
    both: [],
    about: "Streams with a shorter or longer retention.",
    example: [{ selector: '{namespace="dev"}', days: 3, priority: 1 }],
  }),
  compactionIntervalMinutes: whole({
    min: 1,
    max: 1440,
    both: 10,
    about: "Minutes between two runs of the compactor.",
  }),
  deleteDelayHours: whole({ min: 0, max: 168, both: 2, about: "Hours between marking a chunk and deleting it." }),
  deleteWorkers: whole({ min: 1, max: 150, both: 10, about: "Number of workers that delete chunks in parallel." }),
});

const grafana = z.strictObject({
  ...podSettings("Grafana's pod"),
  ...identitySettings("Grafana"),
  enabled: flag({ both: true, about: "Install Grafana." }),
  url: httpUrl({
    about: "Address at which people open Grafana; alerts link to it. Unset: alerts have no link.",
    example: "https://grafana.example.com",
  }).optional(),
  volumeSize: bytes({ both: "5Gi", about: "Size of Grafana's volume." }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
  }),
});

/** The schema of all settings. A setting that it does not know is an error. */
export const settingsSchema = z.strictObject({
  profile: choice(["dev", "prod"], {
    about: "Profile that supplies the defaults. It is the only setting that every stack must have.",
  }),
  topology: choice(topologyNames, {
    dev: "single-binary",
    prod: "simple-scalable",
    about: "Layout of Loki: one process; separate write, read and backend; or three replicas of the one process.",
  }),
  tenant: tenantName({
    both: "logharbor",
    about: "Loki tenant (X-Scope-OrgID) that Alloy writes to and that Grafana and the command line read.",
  }),
  protectData: flag({
    dev: false,
    prod: true,
    about: "Refuse to delete or replace what holds logs: MinIO and Loki, their namespaces, the buckets.",
  }),
  allow: list(choice(dangerNames, { about: "A danger." }), "dangers", {
    both: [],
    about: "Dangers that this stack accepts, by the names that the refusal shows. Remove them again afterwards.",
    example: ["retention-cut"],
  }),
  spread: z.strictObject({
    nodes: choice(["required", "preferred"], {
      dev: "preferred",
      prod: "required",
      about: "Whether the replicas of a workload must run on different nodes, or do so only if there are enough.",
    }),
    zones: choice(["required", "preferred"], {
      both: "preferred",
      about: "Whether replicas must be spread evenly over zones, or only if possible.",
    }),
  }),
  networkPolicies: flag({
    both: true,
    about:
      "Refuse all traffic of the platform's pods except the flows that it needs. The network plug-in must enforce " +
      "NetworkPolicies.",
  }),
  ingressNamespaces: list(dnsLabel({ about: "A namespace.", example: "ingress-nginx" }), "namespaces", {
    both: [],
    about:
      "Namespaces whose pods may reach Grafana and Loki through the network policies, such as that of an ingress " +
      "controller or of your own agents.",
    example: ["ingress-nginx"],
  }),
  apiServerPorts: list(whole({ min: 1, max: 65535, about: "A port.", example: 6443 }), "ports", {
    both: [443, 6443],
    about:
      "Ports of the Kubernetes API server, as `kubectl get endpoints kubernetes` shows them. The network policies " +
      "let Alloy reach these ports at any address.",
  }).min(1, { error: "must hold at least one port" }),
  fixedUserIds: flag({
    both: true,
    about:
      "Run each pod as the user of its image. With false the platform assigns users and groups, as OpenShift does " +
      "(restricted-v2). Alloy with source files runs as root in any case.",
  }),
  dns,
  ipFamilies,
  storageClass: storageClass({
    about: "StorageClass of every volume; unset: the cluster's default.",
    example: "fast-ssd",
  }).optional(),
  namespaces: z.strictObject({
    minio: dnsLabel({ both: "logharbor-minio", about: "Namespace of MinIO." }),
    loki: dnsLabel({ both: "logharbor-loki", about: "Namespace of Loki." }),
    alloy: dnsLabel({ both: "logharbor-alloy", about: "Namespace of Alloy." }),
    grafana: dnsLabel({ both: "logharbor-grafana", about: "Namespace of Grafana." }),
  }),
  existingNamespaces: list(choice(partNames, { about: "A part." }), `the parts ${partNames.join(", ")}`, {
    both: [],
    about:
      "Parts whose namespace already exists. The stack does not create, label or remove it, and its network policies " +
      "there select only the stack's own pods.",
    example: ["minio"],
  }),
  minio,
  loki,
  gateway: z.strictObject({
    authentication: choice(["none", "basic"], {
      both: "none",
      about: "Whether Loki's gateway asks for a tenant's name and generated password.",
    }),
    tenants: list(tenantName({ about: "A tenant.", example: "team-a" }), "tenants", {
      both: [],
      about: "Further tenants, each with a generated password.",
      example: ["team-a"],
    }),
  }),
  tls: z.strictObject({
    certificates: choice(["none", "cert-manager", "given"], {
      both: "none",
      about:
        "Who creates the certificates of MinIO and Loki's gateway: cert-manager, or you, in a Secret in each " +
        "namespace (given). With none, both use plain HTTP.",
    }),
    issuer: text(
      /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      "the name of a ClusterIssuer",
    )({ about: "ClusterIssuer of cert-manager that signs the certificates.", example: "internal-ca" }).optional(),
  }),
  rotation,
  retention,
  alloy,
  grafana,
  monitoring,
  canary,
  alerts,
  charts: z.strictObject({
    minio: chart("https://charts.min.io", "5.4.0"),
    // The open-source charts of Loki and Grafana moved to grafana-community in 2026. The Loki chart in the old
    // repository is for the enterprise product.
    loki: chart("https://grafana-community.github.io/helm-charts", "18.11.0"),
    alloy: chart("https://grafana.github.io/helm-charts", "1.11.1"),
    grafana: chart("https://grafana-community.github.io/helm-charts", "12.11.1"),
  }),
  images,
});

/** The settings of a stack, with every default filled in and every value checked. */
export type Settings = z.output<typeof settingsSchema>;
/** A set of defaults: `dev` or `prod`. */
export type Profile = Settings["profile"];
/** CPU and memory of one replica: requests and limits, as Kubernetes quantities. */
export type Resources = Settings["loki"]["resources"];
/** A container image: registry, repository, tag and optional digest. */
export type Image = Settings["images"]["loki"];
/** Where a Helm chart comes from: a repository and an exact version, or a local path. */
export type ChartSource = Settings["charts"]["loki"];
/** The remote tier, to which MinIO moves cold chunks. */
export type Tier = z.output<typeof tier>;
export type { AlertRule, Receiver } from "./alerts";
