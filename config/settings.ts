import { z } from "zod";

import { dangerNames } from "../domain/danger";
import { partNames } from "../domain/parts";
import { topologyNames } from "../domain/topologies";
import { chart, image, resources, schemaPeriod, streamRetention, tier } from "./groups";
import {
  bucketName,
  bytes,
  choice,
  dnsLabel,
  flag,
  list,
  registryHost,
  storageClass,
  tenantName,
  text,
  whole,
} from "./kinds";

/*
 * Every setting of a stack: what it means, its bounds, its defaults in dev and prod. Rules that span settings are in
 * `rules.ts`.
 */

const replicas = (what: string) =>
  whole({ min: 1, max: 64, about: `Number of ${what}; unset: the topology's.`, example: 3 }).optional();

const minio = z.strictObject({
  servers: whole({
    min: 1,
    max: 32,
    dev: 1,
    prod: 4,
    about: "MinIO servers; more than one is distributed and erasure-coded.",
  }),
  drivesPerServer: whole({ min: 1, max: 16, dev: 1, prod: 2, about: "Volumes of each server." }),
  parity: whole({
    min: 0,
    max: 8,
    about: "Drives of each erasure set that may be lost (EC:n); unset: MinIO's default for the set's size.",
    example: 4,
  }).optional(),
  volumeSize: bytes({ dev: "10Gi", prod: "100Gi", about: "Size of each volume.", example: "10Gi" }),
  resources: resources({
    dev: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
    prod: { cpuRequest: "500m", memoryRequest: "1Gi", memoryLimit: "2Gi" },
  }),
  buckets: z.strictObject({
    chunks: bucketName({ both: "loki-bucket", about: "Bucket of Loki's chunks and index." }),
    ruler: bucketName({ both: "loki-ruler-bucket", about: "Bucket of Loki's rules." }),
  }),
  staleUploadHours: whole({
    min: 1,
    max: 720,
    both: 24,
    about: "Age in hours at which MinIO removes the parts of an upload that was never finished.",
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
    about: "Local port of that tunnel. It is part of the provider's state, so it is fixed.",
  }),
});

const loki = z.strictObject({
  volumeSize: bytes({
    both: "10Gi",
    about: "Size of the volume of each replica that keeps a write-ahead log or markers.",
  }),
  resources: resources({
    dev: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
    prod: { cpuRequest: "500m", memoryRequest: "1Gi", memoryLimit: "2Gi" },
  }),
  replicas: z.strictObject({
    singleBinary: replicas("processes that are all of Loki"),
    write: replicas("write targets"),
    read: replicas("read targets"),
    backend: replicas("backend targets"),
    gateway: replicas("gateways"),
  }),
  replicationFactor: whole({
    min: 1,
    max: 9,
    about: "Ingesters that hold each line before it is stored; unset: the topology's.",
    example: 3,
  }).optional(),
  schema: list(schemaPeriod, "schema periods", {
    both: [{ from: "2024-04-01", schema: "v13", indexPrefix: "loki_index_" }],
    about:
      "Periods of the index schema (tsdb), oldest first. Append one that begins in the future; never edit one that " +
      "logs were stored under.",
  }).min(1, { error: "must hold at least one period" }),
  // docs/benchmarks.md: gzip stores a third to more than half less than snappy, for 1.3 to 1.5 times its processor time
  // to read. zstd stores less still, but takes hundreds of megabytes whenever an ingester flushes.
  chunkEncoding: choice(["snappy", "lz4", "gzip", "zstd", "none"], { both: "gzip", about: "Compression of chunks." }),
  caches: z.strictObject({
    // In dev chunks are not cached at all; memcached's default of the chart asks for 9.6 GiB.
    chunksMb: whole({
      min: 0,
      max: 1_000_000,
      dev: 0,
      prod: 1024,
      about: "Memory of the chunk cache (memcached), MB; 0: none.",
    }),
    chunksDiskSize: bytes({
      about: "Volume that extends the chunk cache beyond its memory, best on a fast local disk; unset: memory only.",
      example: "50Gi",
    }).optional(),
    storageClass: storageClass({
      about: "StorageClass of that volume; unset: that of the stack.",
      example: "local-nvme",
    }).optional(),
    resultsMb: whole({
      min: 0,
      max: 1_000_000,
      dev: 64,
      prod: 256,
      about: "Memory of the cache of query results, MB: in process where Loki is one process, else memcached; 0: none.",
    }),
  }),
  query: z.strictObject({
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
        "Ingestion rate of each further tenant (gateway.tenants), MB/s. The stack's own has none: Alloy waits for Loki " +
        "by itself.",
    }),
    ingestionBurstSizeMb: whole({
      min: 1,
      max: 10_000,
      both: 32,
      about: "Ingestion burst of each further tenant, MB; its largest push must fit.",
    }),
    // 100 nodes of 50 containers are 5,000 streams, twice that while all roll over. docs/limits.md has the memory that
    // they take.
    maxStreams: whole({
      min: 100,
      max: 10_000_000,
      dev: 10_000,
      prod: 20_000,
      about: "Active streams of one tenant; lines of one more are dropped and counted.",
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
      about: "Query requests of the tenant that may wait in the scheduler.",
    }),
    rejectOldSamplesHours: whole({
      min: 1,
      max: 87_600,
      both: 168,
      about: "Age in hours from which a line is refused, so the longest outage of Loki without loss.",
    }),
  }),
});

const retention = z.strictObject({
  hotDays: whole({
    min: 0,
    max: 3650,
    dev: 1,
    prod: 7,
    about: "Hot tier: days whose index is kept ready on local disk and whose chunks the chunk cache holds.",
  }),
  warmDays: whole({
    min: 1,
    max: 3650,
    dev: 7,
    prod: 30,
    about:
      "Warm tier: days that logs are kept in MinIO; the compactor deletes what is older, or MinIO moves it on where " +
      "there is a cold tier.",
  }),
  coldDays: whole({
    min: 2,
    max: 3650,
    about:
      "Cold tier: days that logs are kept in all, those beyond warmDays in the remote tier minio.tier; unset: no cold " +
      "tier.",
    example: 365,
  }).optional(),
  streams: list(streamRetention, "retentions of streams", {
    both: [],
    about: "Streams whose logs are kept shorter or longer.",
    example: [{ selector: '{namespace="dev"}', days: 3, priority: 1 }],
  }),
  compactionIntervalMinutes: whole({
    min: 1,
    max: 1440,
    both: 10,
    about: "Minutes between two runs of the compactor.",
  }),
  deleteDelayHours: whole({ min: 0, max: 168, both: 2, about: "Hours between marking a chunk and deleting it." }),
  deleteWorkers: whole({ min: 1, max: 150, both: 10, about: "Workers that delete chunks in parallel." }),
});

const alloy = z.strictObject({
  source: choice(["kubernetes-api", "files"], {
    both: "files",
    about:
      "Read logs through the API server (no host path), or from /var/log/pods on the node (cheaper; the namespace is " +
      "then privileged).",
  }),
  podAs: choice(["structured-metadata", "label"], {
    both: "structured-metadata",
    about:
      "Where the pod's name goes: structured metadata keeps the number of streams low; a label can be used inside { }.",
  }),
  excludeNamespaces: list(dnsLabel({ about: "A namespace.", example: "kube-system" }), "namespaces", {
    both: [],
    about: "Namespaces whose logs are not collected.",
    example: ["kube-system"],
  }),
  limits: z.strictObject({
    namespaceLinesPerSecond: whole({
      min: 1,
      max: 1_000_000,
      about:
        "Lines a second that the Alloy of a node takes of one namespace; more, after a burst of 10 seconds' worth, is " +
        "dropped and counted; unset: all.",
      example: 20_000,
    }).optional(),
    appLinesPerSecond: whole({
      min: 1,
      max: 1_000_000,
      about: "The same of one app of a namespace; unset: all.",
      example: 5000,
    }).optional(),
  }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi", cpuLimit: "1" },
  }),
});

const grafana = z.strictObject({
  enabled: flag({ both: true, about: "Install Grafana." }),
  volumeSize: bytes({ both: "5Gi", about: "Size of Grafana's volume." }),
  resources: resources({
    dev: { cpuRequest: "50m", memoryRequest: "128Mi", memoryLimit: "512Mi" },
    prod: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
  }),
});

const images = z.strictObject({
  mirror: registryHost({
    about: "Registry that mirrors all images; replaces the registry of each.",
    example: "registry.example.com/mirror",
  }).optional(),
  pullSecrets: list(dnsLabel({ about: "A Secret.", example: "registry-credentials" }), "Secret names", {
    both: [],
    about: "Secret of type kubernetes.io/dockerconfigjson, there in each namespace; a list of at most one.",
    example: ["registry-credentials"],
  })
    // MinIO's chart does not render with a second one; one Secret holds the credentials of any number of registries.
    .max(1, { error: "must name one Secret, which holds the credentials of every registry" }),
  // MinIO's own images are gone from docker.io; silo is the maintained fork with the same variables, disk format and
  // entrypoint.
  minio: image("docker.io", "pgsty/silo", "RELEASE.2026-09-16T00-00-00Z"),
  loki: image("docker.io", "grafana/loki", "3.7.6"),
  alloy: image("docker.io", "grafana/alloy", "v1.18.1"),
  grafana: image("docker.io", "grafana/grafana", "13.2.0"),
  gateway: image("docker.io", "nginxinc/nginx-unprivileged", "1.31-alpine"),
  memcached: image("docker.io", "library/memcached", "1.6.45-alpine"),
});

export const settingsSchema = z.strictObject({
  profile: choice(["dev", "prod"], {
    about: "Which column of the defaults the stack starts from. The one setting that has no default.",
  }),
  topology: choice(topologyNames, {
    dev: "single-binary",
    prod: "simple-scalable",
    about: "How Loki is laid out: one process; write, read and backend apart; or three replicas of the one process.",
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
    about:
      "Dangers that this stack may pass, by the names under which they were refused; take them out again afterwards.",
    example: ["retention-cut"],
  }),
  spread: z.strictObject({
    nodes: choice(["required", "preferred"], {
      dev: "preferred",
      prod: "required",
      about: "Whether replicas of one workload must stand on nodes of their own, or do so where there are enough.",
    }),
    zones: choice(["required", "preferred"], {
      both: "preferred",
      about: "Whether replicas must be spread evenly over zones, or are where that is possible.",
    }),
  }),
  networkPolicies: flag({
    both: true,
    about:
      "Refuse all traffic of the platform's pods but the flows it needs; takes a network plug-in that enforces " +
      "NetworkPolicies.",
  }),
  ingressNamespaces: list(dnsLabel({ about: "A namespace.", example: "ingress-nginx" }), "namespaces", {
    both: [],
    about:
      "Namespaces whose pods may reach Grafana and Loki through the network policies: an ingress controller's, or " +
      "that of agents of your own.",
    example: ["ingress-nginx"],
  }),
  apiServerPorts: list(whole({ min: 1, max: 65535, about: "A port.", example: 6443 }), "ports", {
    both: [443, 6443],
    about:
      "Ports of the Kubernetes API server, at any address, that the network policies leave open to Alloy: those of " +
      "`kubectl get endpoints kubernetes`.",
  }).min(1, { error: "must hold at least one port" }),
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
      "Parts whose namespace is there already and is used as it is: the stack neither makes, labels nor removes it, " +
      "and its network policies select its own pods alone.",
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
        "Who makes the certificates of MinIO and of Loki's gateway: cert-manager, or you, in a Secret of each " +
        "namespace; none: they speak plain HTTP.",
    }),
    issuer: text(
      /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      "the name of a ClusterIssuer",
    )({ about: "ClusterIssuer of cert-manager that signs them.", example: "internal-ca" }).optional(),
  }),
  retention,
  alloy,
  grafana,
  charts: z.strictObject({
    minio: chart("https://charts.min.io", "5.4.0"),
    // The open-source charts of Loki and Grafana moved to grafana-community in 2026; the old repository's Loki chart is
    // for the enterprise product.
    loki: chart("https://grafana-community.github.io/helm-charts", "18.11.0"),
    alloy: chart("https://grafana.github.io/helm-charts", "1.11.1"),
    grafana: chart("https://grafana-community.github.io/helm-charts", "12.11.1"),
  }),
  images,
});

/** The resolved settings of a stack: every default filled in, every value checked. */
export type Settings = z.output<typeof settingsSchema>;
export type Profile = Settings["profile"];
export type Resources = Settings["loki"]["resources"];
export type Image = Settings["images"]["loki"];
export type ChartSource = Settings["charts"]["loki"];
export type Tier = z.output<typeof tier>;
