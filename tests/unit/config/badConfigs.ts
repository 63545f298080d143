import { dangerNames } from "../../../domain/danger";
import { childrenOf } from "../../../config/paths";
import type { Overrides } from "../../support/stack";

/** A config over the defaults of `dev` (or of the profile it names), and the one fault it has. */
export type BadConfig = [config: Overrides, key: string, problem: string, remedy: string];

const whole = (min: number, max: number) => `must be a whole number from ${min} to ${max}`;
const label = "must be a DNS label (lower-case letters, digits, hyphens, at most 63)";
const bytes = "must be a Kubernetes quantity of bytes, at least 1Mi";
const cores = "must be a Kubernetes quantity of CPU, from 1m to 1000 cores";
const bucket = "must be a bucket name (3 to 63 lower-case letters, digits, hyphens)";
const registry = "must be a registry host without a scheme; port and path are optional";
const tenant = "must be a Loki tenant (letters, digits and !._*'()-, at most 150)";
const group = "must be a group of settings";
const unknown = "is not a known setting";
const isNull = "is null, but needs a value";
const listed = (...path: string[]) => childrenOf(path).join(", ");
const partsOf = "minio, loki, alloy, grafana";
const digest = `sha256:${"0".repeat(64)}`;

const period = { from: "2024-04-01", schema: "v13", indexPrefix: "loki_index_" };

const tier = { kind: "s3", endpoint: "https://s3.example.com", bucket: "cold-logs", secret: "cold-tier" };
const address = "must be an http(s):// address without a path";

const stream = (selector: string, days: number, priority: number) => ({ selector, days, priority });
const selectorRemedy = 'write label matchers between braces, such as {namespace="dev", app=~"web.*"}';

const apart =
  "give each part a separate namespace; parts can share only a namespace that already exists (existingNamespaces)";

const issuerRemedy =
  "name a ClusterIssuer of the cluster (kubectl get clusterissuers) with a private CA: public CAs do not sign " +
  "names inside a cluster";

export const badConfigs: BadConfig[] = [
  // The profile.
  [{ profile: undefined }, "profile", "is not set", "write for example dev"],
  [{ profile: "production" }, "profile", "must be one of dev, prod", "write for example dev"],
  [{ profile: "" }, "profile", "must be one of dev, prod", "write for example dev"],
  [{ profile: "Dev" }, "profile", "must be one of dev, prod", "write for example dev"],

  // Keys that do not exist, at each level.
  [{ tennant: "a" }, "tennant", unknown, "did you mean tenant?"],
  [{ Tenant: "a" }, "Tenant", unknown, "did you mean tenant?"],
  [{ retension: { days: 3 } }, "retension", unknown, "did you mean retention?"],
  [{ elasticsearch: true }, "elasticsearch", unknown, `settings here are ${listed()}`],
  [{ minio: { server: 4 } }, "minio.server", unknown, "did you mean minio.servers?"],
  [{ minio: { volumesize: "10Gi" } }, "minio.volumesize", unknown, "did you mean minio.volumeSize?"],
  [{ minio: { replicas: 4 } }, "minio.replicas", unknown, `settings here are ${listed("minio")}`],
  [{ minio: { constructor: 1 } }, "minio.constructor", unknown, `settings here are ${listed("minio")}`],
  [
    { minio: JSON.parse('{"__proto__":{"servers":4}}') as unknown },
    "minio.__proto__",
    unknown,
    `settings here are ${listed("minio")}`,
  ],
  [
    { loki: { limits: { ingestionRateMB: 4 } } },
    "loki.limits.ingestionRateMB",
    unknown,
    "did you mean loki.limits.ingestionRateMb?",
  ],
  [{ loki: { ingestionRateMb: 4 } }, "loki.ingestionRateMb", unknown, "did you mean loki.limits.ingestionRateMb?"],
  [{ excludeNamespaces: ["a"] }, "excludeNamespaces", unknown, "did you mean alloy.excludeNamespaces?"],
  [
    { "minio.servers": 4 },
    "minio.servers",
    unknown,
    "nest it: pulumi config set --path logharbor:minio.servers <value>",
  ],
  [
    { loki: { "resources.cpuRequest": "1" } },
    "loki.resources.cpuRequest",
    unknown,
    "nest it: pulumi config set --path logharbor:loki.resources.cpuRequest <value>",
  ],
  [
    { alloy: { resources: { memory: "1Gi" } } },
    "alloy.resources.memory",
    unknown,
    "settings here are cpuRequest, memoryRequest, cpuLimit, memoryLimit",
  ],
  [{ images: { lokii: {} } }, "images.lokii", unknown, "did you mean images.loki?"],
  [
    { images: { loki: { sha: digest } } },
    "images.loki.sha",
    unknown,
    "settings here are registry, repository, tag, digest",
  ],
  [{ charts: { prometheus: {} } }, "charts.prometheus", unknown, `settings here are ${partsOf}`],
  [{ namespaces: { gateway: "a" } }, "namespaces.gateway", unknown, "did you mean loki.replicas.gateway?"],

  // Groups and types.
  [{ minio: 4 }, "minio", group, `write its settings below it: ${listed("minio")}`],
  [{ minio: "" }, "minio", group, `write its settings below it: ${listed("minio")}`],
  [{ minio: null }, "minio", isNull, "leave it out for its defaults"],
  [{ loki: [] }, "loki", group, `write its settings below it: ${listed("loki")}`],
  [{ loki: { limits: 16 } }, "loki.limits", group, `write its settings below it: ${listed("loki", "limits")}`],
  [{ namespaces: "logs" }, "namespaces", group, `write its settings below it: ${partsOf}`],
  [
    { images: { loki: "grafana/loki:3.7.6" } },
    "images.loki",
    group,
    "write its settings below it: registry, repository, tag, digest",
  ],
  [{ protectData: "yes" }, "protectData", "must be true or false", "write for example true"],
  [{ protectData: 1 }, "protectData", "must be true or false", "write for example true"],
  [{ grafana: { enabled: "true" } }, "grafana.enabled", "must be true or false", "write for example true"],
  [{ retention: { warmDays: null } }, "retention.warmDays", isNull, "leave it out for its default of 7"],
  [{ profile: "prod", minio: { servers: null } }, "minio.servers", isNull, "leave it out for its default of 4"],

  // Text.
  [
    { topology: "distributed" },
    "topology",
    "must be one of single-binary, simple-scalable, ha-monolithic",
    "write for example single-binary",
  ],
  [{ tenant: "" }, "tenant", tenant, "write for example logharbor"],
  [{ tenant: "team a" }, "tenant", tenant, "write for example logharbor"],
  [{ tenant: ".." }, "tenant", tenant, "write for example logharbor"],
  [{ tenant: "a|b" }, "tenant", tenant, "write for example logharbor"],
  [{ tenant: "a".repeat(151) }, "tenant", tenant, "write for example logharbor"],
  [{ storageClass: "" }, "storageClass", "must be the name of a StorageClass", "write for example fast-ssd"],
  [{ storageClass: "Fast SSD" }, "storageClass", "must be the name of a StorageClass", "write for example fast-ssd"],
  [{ namespaces: { loki: "Logs" } }, "namespaces.loki", label, "write for example logharbor-loki"],
  [{ namespaces: { loki: "a".repeat(64) } }, "namespaces.loki", label, "write for example logharbor-loki"],
  [{ namespaces: { loki: 2024 } }, "namespaces.loki", label, 'put it in quotes: "2024"'],
  [
    { loki: { schema: [{ from: "2024-04-01T00:00:00Z", schema: "v13", indexPrefix: "a_" }] } },
    "loki.schema[0].from",
    "must be a date, YYYY-MM-DD, in quotes",
    "write for example 2024-04-01",
  ],
  [
    { loki: { chunkEncoding: "brotli" } },
    "loki.chunkEncoding",
    "must be one of snappy, lz4, gzip, zstd, none",
    "write for example snappy",
  ],
  [
    { images: { alloy: { tag: "v1.11.3" } } },
    "images.alloy.tag",
    `is "v1.11.3", but only Alloy 1.12 and newer can find the nodes' log files`,
    "use 1.12 or newer, or set alloy.source to kubernetes-api",
  ],
  [
    { alloy: { source: "file" } },
    "alloy.source",
    "must be one of kubernetes-api, files",
    "write for example kubernetes-api",
  ],
  [
    { alloy: { podAs: "metadata" } },
    "alloy.podAs",
    "must be one of structured-metadata, label",
    "write for example structured-metadata",
  ],
  [
    { alloy: { excludeNamespaces: "kube-system" } },
    "alloy.excludeNamespaces",
    "must be a list of namespaces",
    'write for example ["kube-system"]',
  ],
  [{ alloy: { excludeNamespaces: ["kube-.*"] } }, "alloy.excludeNamespaces[0]", label, "write for example kube-system"],
  [{ alloy: { excludeNamespaces: ["a", null] } }, "alloy.excludeNamespaces[1]", label, "write for example kube-system"],
  [
    { minio: { endpoint: "http://minio.example.com:9000" } },
    "minio.endpoint",
    "must be host:port without a scheme",
    "write for example minio.example.com:9000",
  ],
  [
    { minio: { endpoint: "minio.example.com" } },
    "minio.endpoint",
    "must be host:port without a scheme",
    "write for example minio.example.com:9000",
  ],
  [{ minio: { buckets: { chunks: "Loki_Bucket" } } }, "minio.buckets.chunks", bucket, "write for example loki-bucket"],
  [{ minio: { buckets: { ruler: "a" } } }, "minio.buckets.ruler", bucket, "write for example loki-ruler-bucket"],

  // Numbers.
  [{ minio: { servers: 0 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: 1.5 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: "4" } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: 1e21 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { tunnelPort: 80 } }, "minio.tunnelPort", whole(1024, 65535), "write for example 39000"],
  [{ minio: { staleUploadHours: 0 } }, "minio.staleUploadHours", whole(1, 720), "write for example 24"],
  [{ retention: { warmDays: 0 } }, "retention.warmDays", whole(1, 3650), "write for example 30"],
  [{ retention: { warmDays: "30d" } }, "retention.warmDays", whole(1, 3650), "write for example 30"],
  [{ retention: { deleteDelayHours: -1 } }, "retention.deleteDelayHours", whole(0, 168), "write for example 2"],
  [{ retention: { deleteWorkers: 0 } }, "retention.deleteWorkers", whole(1, 150), "write for example 10"],
  [
    { loki: { limits: { ingestionRateMb: true } } },
    "loki.limits.ingestionRateMb",
    whole(1, 10000),
    "write for example 16",
  ],
  [
    { loki: { limits: { maxEntriesLimitPerQuery: 0 } } },
    "loki.limits.maxEntriesLimitPerQuery",
    whole(1, 1000000),
    "write for example 5000",
  ],

  // Quantities.
  [{ minio: { volumeSize: "10 Gi" } }, "minio.volumeSize", bytes, "write for example 10Gi"],
  [{ minio: { volumeSize: 10 } }, "minio.volumeSize", bytes, "write for example 10Gi"],
  [{ minio: { volumeSize: 10737418240 } }, "minio.volumeSize", bytes, 'put it in quotes: "10737418240"'],
  [{ grafana: { volumeSize: "0Gi" } }, "grafana.volumeSize", bytes, "write for example 5Gi"],
  [{ loki: { volumeSize: "-5Gi" } }, "loki.volumeSize", bytes, "write for example 10Gi"],
  [
    { loki: { resources: { memoryRequest: "512m" } } },
    "loki.resources.memoryRequest",
    bytes,
    "write for example 512Mi",
  ],
  [{ loki: { resources: { memoryLimit: "1GB" } } }, "loki.resources.memoryLimit", bytes, "write for example 1Gi"],
  [{ loki: { resources: { cpuRequest: 2 } } }, "loki.resources.cpuRequest", cores, 'put it in quotes: "2"'],
  [{ loki: { resources: { cpuRequest: "1Gi" } } }, "loki.resources.cpuRequest", cores, "write for example 250m"],
  [{ loki: { resources: { cpuLimit: "0.0001" } } }, "loki.resources.cpuLimit", cores, "write for example 1"],

  // Charts and images.
  [
    { charts: { loki: { version: "^18.0.0" } } },
    "charts.loki.version",
    "must be an exact version, not a range",
    "write for example 18.11.0",
  ],
  [
    { charts: { loki: { version: "latest" } } },
    "charts.loki.version",
    "must be an exact version, not a range",
    "write for example 18.11.0",
  ],
  [
    { charts: { loki: { repository: "grafana/loki" } } },
    "charts.loki.repository",
    "must be an http(s):// or oci:// address",
    "write for example https://charts.example.com",
  ],
  [{ charts: { loki: { path: "" } } }, "charts.loki.path", "must be a path", "write for example /srv/charts/loki"],
  [
    { images: { mirror: "https://mirror.example.com" } },
    "images.mirror",
    registry,
    "write for example registry.example.com/mirror",
  ],
  [
    { images: { mirror: "mirror.example.com/" } },
    "images.mirror",
    registry,
    "write for example registry.example.com/mirror",
  ],
  [
    { images: { loki: { repository: "grafana/loki:3.7.6" } } },
    "images.loki.repository",
    "must be an image repository without registry and tag",
    "write for example grafana/loki",
  ],
  [{ images: { loki: { tag: 3.7 } } }, "images.loki.tag", "must be an image tag", 'put it in quotes: "3.7"'],
  [
    { images: { loki: { tag: "3.7.6@sha256:0" } } },
    "images.loki.tag",
    "must be an image tag",
    "write for example 3.7.6",
  ],
  [
    { images: { loki: { digest: "0".repeat(64) } } },
    "images.loki.digest",
    "must be sha256: and 64 hexadecimal digits",
    `write for example ${digest}`,
  ],
  [
    { images: { pullSecrets: ["a", "b"] } },
    "images.pullSecrets",
    "must name at most one Secret; it can hold the credentials of every registry",
    'write for example ["registry-credentials"]',
  ],
  [
    { images: { pullSecrets: [{ name: "a" }] } },
    "images.pullSecrets[0]",
    label,
    "write for example registry-credentials",
  ],
  [
    { images: { minio: { repository: "minio/minio" } } },
    "images.minio.repository",
    "is minio/minio, which docker.io no longer serves",
    "write pgsty/silo, or name a registry that has it",
  ],

  // Settings that contradict each other.
  [
    { namespaces: { loki: "logs", minio: "logs" } },
    "namespaces.loki",
    'is "logs", which is also the namespace of minio',
    apart,
  ],
  [
    { namespaces: { loki: "logs", minio: "logs" }, existingNamespaces: ["loki"] },
    "namespaces.loki",
    'is "logs", which is also the namespace of minio',
    apart,
  ],
  [
    { namespaces: { minio: "kube-system" }, existingNamespaces: ["minio"] },
    "namespaces.minio",
    'is "kube-system", which belongs to the cluster',
    "name one of yours",
  ],
  [
    { existingNamespaces: ["minio", "loki", "minio"] },
    "existingNamespaces",
    "holds minio twice",
    "name each part once",
  ],
  [
    { existingNamespaces: "minio" },
    "existingNamespaces",
    "must be a list of the parts minio, loki, alloy, grafana",
    'write for example ["minio"]',
  ],
  [
    { existingNamespaces: ["gateway"] },
    "existingNamespaces[0]",
    "must be one of minio, loki, alloy, grafana",
    "write for example minio",
  ],
  [
    {
      namespaces: { alloy: "logs", grafana: "logs" },
      existingNamespaces: ["alloy", "grafana"],
      gateway: { authentication: "basic" },
    },
    "namespaces.grafana",
    'is "logs", also the namespace of Alloy: both need a Secret of the same name for their login',
    "give Alloy and Grafana separate namespaces, or set gateway.authentication to none",
  ],
  [
    {
      namespaces: { loki: "logs", minio: "logs" },
      existingNamespaces: ["minio", "loki"],
      tls: { certificates: "cert-manager", issuer: "a" },
    },
    "namespaces.loki",
    'is "logs", also the namespace of minio, but cert-manager makes only one certificate there',
    "give each part a separate namespace, or set tls.certificates to given",
  ],
  [
    { namespaces: { alloy: "kube-system" } },
    "namespaces.alloy",
    'is "kube-system", which belongs to the cluster',
    "name a namespace that the stack may create and remove",
  ],
  [
    { namespaces: { minio: "default" } },
    "namespaces.minio",
    'is "default", which belongs to the cluster',
    "name a namespace that the stack may create and remove",
  ],
  [
    { minio: { drivesPerServer: 4 } },
    "minio.drivesPerServer",
    "is 4, but a single server has only one drive",
    "write 1, or use at least 2 servers with 4 drives in total",
  ],
  [
    { minio: { servers: 2 } },
    "minio.servers",
    "and minio.drivesPerServer give 2 drives, which MinIO cannot divide into equal erasure sets of 4 to 16",
    "write for example 4 servers with 2 drives each",
  ],
  [
    { minio: { servers: 17 } },
    "minio.servers",
    "and minio.drivesPerServer give 17 drives, which MinIO cannot divide into equal erasure sets of 4 to 16",
    "write for example 4 servers with 2 drives each",
  ],
  [
    { minio: { buckets: { ruler: "loki-bucket" } } },
    "minio.buckets.ruler",
    "is also the bucket of the chunks",
    "name a separate bucket, such as loki-ruler-bucket",
  ],
  [
    { loki: { limits: { ingestionBurstSizeMb: 8 } } },
    "loki.limits.ingestionBurstSizeMb",
    "is 8, below the rate of 16",
    "write at least 16",
  ],
  [
    { loki: { schema: [{ ...period, from: "2024-02-30" }] } },
    "loki.schema[0].from",
    `is "2024-02-30", a day that does not exist`,
    'write for example "2024-04-01"',
  ],
  [
    { loki: { schema: [{ ...period, from: "2024-13-01" }] } },
    "loki.schema[0].from",
    `is "2024-13-01", a day that does not exist`,
    'write for example "2024-04-01"',
  ],
  [
    { retention: { warmDays: 1, deleteDelayHours: 24 } },
    "retention.deleteDelayHours",
    "is longer than the retention itself",
    "write less than 24",
  ],
  [
    { profile: "prod", minio: { servers: 1, drivesPerServer: 1 } },
    "minio.servers",
    "is 1 for a replicated Loki in prod: a single disk would hold every log",
    "write at least 4, or set topology to single-binary",
  ],
  [
    { alloy: { resources: { cpuRequest: "500m", cpuLimit: "0.25" } } },
    "alloy.resources.cpuLimit",
    "is 0.25, below the request of 500m",
    "write at least 500m",
  ],
  [
    { grafana: { resources: { memoryRequest: "2Gi" } } },
    "grafana.resources.memoryLimit",
    "is 512Mi, below the request of 2Gi",
    "write at least 2Gi",
  ],

  // Topology, spread, policies.
  [
    { topology: "ha" },
    "topology",
    "must be one of single-binary, simple-scalable, ha-monolithic",
    "write for example single-binary",
  ],
  [
    { topology: "SimpleScalable" },
    "topology",
    "must be one of single-binary, simple-scalable, ha-monolithic",
    "write for example single-binary",
  ],
  [{ spread: "required" }, "spread", group, "write its settings below it: nodes, zones"],
  [{ spread: { nodes: "hard" } }, "spread.nodes", "must be one of required, preferred", "write for example required"],
  [{ spread: { nodes: true } }, "spread.nodes", "must be one of required, preferred", "write for example required"],
  [{ spread: { zones: "none" } }, "spread.zones", "must be one of required, preferred", "write for example required"],
  [{ spread: { zone: "required" } }, "spread.zone", unknown, "did you mean spread.zones?"],
  [{ spread: { nodes: null } }, "spread.nodes", isNull, "leave it out for its default of preferred"],
  [{ networkPolicies: "on" }, "networkPolicies", "must be true or false", "write for example true"],
  [
    { ingressNamespaces: "ingress-nginx" },
    "ingressNamespaces",
    "must be a list of namespaces",
    'write for example ["ingress-nginx"]',
  ],
  [{ ingressNamespaces: ["Ingress"] }, "ingressNamespaces[0]", label, "write for example ingress-nginx"],
  [{ apiServerPorts: [] }, "apiServerPorts", "must hold at least one port", "write for example [443,6443]"],
  [{ apiServerPorts: [70000] }, "apiServerPorts[0]", whole(1, 65535), "write for example 6443"],
  [{ networkPolicies: { enabled: true } }, "networkPolicies", "must be true or false", "write for example true"],
  [{ networkPolicy: true }, "networkPolicy", unknown, "did you mean networkPolicies?"],

  // Loki's replicas, schema, caches, query path.
  [{ loki: { replicas: 3 } }, "loki.replicas", group, `write its settings below it: ${listed("loki", "replicas")}`],
  [{ loki: { replicas: { write: 0 } } }, "loki.replicas.write", whole(1, 64), "write for example 3"],
  [{ loki: { replicas: { backend: "3" } } }, "loki.replicas.backend", whole(1, 64), "write for example 3"],
  [{ loki: { replicas: { singleBinary: 65 } } }, "loki.replicas.singleBinary", whole(1, 64), "write for example 3"],
  [{ loki: { replicas: { gateway: -1 } } }, "loki.replicas.gateway", whole(1, 64), "write for example 3"],
  [{ loki: { replicas: { writer: 3 } } }, "loki.replicas.writer", unknown, "did you mean loki.replicas.write?"],
  [
    { loki: { replicas: { querier: 3 } } },
    "loki.replicas.querier",
    unknown,
    `settings here are ${listed("loki", "replicas")}`,
  ],
  [{ loki: { replicationFactor: 0 } }, "loki.replicationFactor", whole(1, 9), "write for example 3"],
  [{ loki: { replicationFactor: "three" } }, "loki.replicationFactor", whole(1, 9), "write for example 3"],
  [
    { loki: { schema: "v13" } },
    "loki.schema",
    "must be a list of schema periods",
    `write for example ${JSON.stringify([period])}`,
  ],
  [
    { loki: { schema: period } },
    "loki.schema",
    "must be a list of schema periods",
    `write for example ${JSON.stringify([period])}`,
  ],
  [
    { loki: { schema: [] } },
    "loki.schema",
    "must hold at least one period",
    `write for example ${JSON.stringify([period])}`,
  ],
  [
    { loki: { schema: [{ ...period, schema: "v12" }] } },
    "loki.schema[0].schema",
    "must be one of v13",
    "write for example v13",
  ],
  [
    { loki: { schema: [{ ...period, store: "boltdb-shipper" }] } },
    "loki.schema[0].store",
    unknown,
    "settings here are from, schema, indexPrefix",
  ],
  [
    { loki: { schema: [{ ...period, indexPrefix: "Index" }] } },
    "loki.schema[0].indexPrefix",
    "must be a prefix of lower-case letters, digits, _ and -",
    "write for example loki_index_",
  ],
  [
    { loki: { schema: [{ ...period, indexPrefix: "" }] } },
    "loki.schema[0].indexPrefix",
    "must be a prefix of lower-case letters, digits, _ and -",
    "write for example loki_index_",
  ],
  [
    { loki: { schema: [{ schema: "v13", indexPrefix: "a_" }] } },
    "loki.schema[0].from",
    "is not set",
    "write for example 2024-04-01",
  ],
  [
    { loki: { schema: [period, { ...period, from: 20250101 }] } },
    "loki.schema[1].from",
    "must be a date, YYYY-MM-DD, in quotes",
    "write for example 2024-04-01",
  ],
  [{ loki: { schemaFrom: "2024-04-01" } }, "loki.schemaFrom", unknown, `settings here are ${listed("loki")}`],
  [{ loki: { caches: { chunksMb: -1 } } }, "loki.caches.chunksMb", whole(0, 1000000), "write for example 1024"],
  [{ loki: { caches: { chunksMb: "1Gi" } } }, "loki.caches.chunksMb", whole(0, 1000000), "write for example 1024"],
  [{ loki: { caches: { resultsMb: 0.5 } } }, "loki.caches.resultsMb", whole(0, 1000000), "write for example 256"],
  [{ loki: { caches: { chunksDiskSize: "fifty" } } }, "loki.caches.chunksDiskSize", bytes, "write for example 50Gi"],
  [{ loki: { caches: { chunks: 8192 } } }, "loki.caches.chunks", unknown, "did you mean loki.caches.chunksMb?"],
  [
    { loki: { caches: { storageClass: "Fast SSD" } } },
    "loki.caches.storageClass",
    "must be the name of a StorageClass",
    "write for example local-nvme",
  ],
  [{ loki: { query: { parallelism: 0 } } }, "loki.query.parallelism", whole(1, 2048), "write for example 64"],
  [{ loki: { query: { maxConcurrent: 1000 } } }, "loki.query.maxConcurrent", whole(1, 256), "write for example 8"],
  [
    { loki: { limits: { rejectOldSamplesHours: 0 } } },
    "loki.limits.rejectOldSamplesHours",
    whole(1, 87600),
    "write for example 168",
  ],
  [
    { loki: { limits: { rejectOldSamplesHours: "7d" } } },
    "loki.limits.rejectOldSamplesHours",
    whole(1, 87600),
    "write for example 168",
  ],
  [{ loki: { limits: { maxStreams: 0 } } }, "loki.limits.maxStreams", whole(100, 10000000), "write for example 20000"],
  [{ loki: { limits: { maxStream: 5000 } } }, "loki.limits.maxStream", unknown, "did you mean loki.limits.maxStreams?"],
  [
    { loki: { query: { parallelism: 300 } } },
    "loki.query.parallelism",
    "is 300, but only 256 requests may wait: a query would have more parts than the queue holds",
    "write at most 256, or raise loki.limits.maxOutstandingRequestsPerTenant",
  ],
  [
    { alloy: { limits: { appLinesPerSecond: 0 } } },
    "alloy.limits.appLinesPerSecond",
    whole(1, 1000000),
    "write for example 5000",
  ],
  [
    { alloy: { limits: { namespaceLinesPerSecond: "20k" } } },
    "alloy.limits.namespaceLinesPerSecond",
    whole(1, 1000000),
    "write for example 20000",
  ],
  [
    { alloy: { limits: { podLinesPerSecond: 100 } } },
    "alloy.limits.podLinesPerSecond",
    unknown,
    "did you mean alloy.limits.appLinesPerSecond?",
  ],
  [{ minio: { parity: 9 } }, "minio.parity", whole(0, 8), "write for example 4"],
  [{ minio: { parity: "EC:4" } }, "minio.parity", whole(0, 8), "write for example 4"],

  // The gateway.
  [
    { gateway: { authentication: "oidc" } },
    "gateway.authentication",
    "must be one of none, basic",
    "write for example none",
  ],
  [
    { gateway: { authentication: true } },
    "gateway.authentication",
    "must be one of none, basic",
    "write for example none",
  ],
  [{ gateway: { tenants: "team-a" } }, "gateway.tenants", "must be a list of tenants", 'write for example ["team-a"]'],
  [{ gateway: { tenants: ["team a"] } }, "gateway.tenants[0]", tenant, "write for example team-a"],
  [{ gateway: { password: "x" } }, "gateway.password", unknown, "settings here are authentication, tenants"],

  [
    { gateway: { tenants: ["team-a"] } },
    "gateway.tenants",
    "lists tenants, but the gateway does not ask for a login",
    "set gateway.authentication to basic, or leave the tenants out",
  ],
  [
    { gateway: { authentication: "basic", tenants: ["logharbor"] } },
    "gateway.tenants",
    "holds logharbor, which is the stack's own tenant",
    "name each tenant once",
  ],
  [
    { gateway: { authentication: "basic", tenants: ["a", "a"] } },
    "gateway.tenants",
    "holds a twice",
    "name each tenant once",
  ],

  // Certificates.
  [{ tls: true }, "tls", group, "write its settings below it: certificates, issuer"],
  [
    { tls: { certificates: "self-signed" } },
    "tls.certificates",
    "must be one of none, cert-manager, given",
    "write for example none",
  ],
  [
    { tls: { certificates: true } },
    "tls.certificates",
    "must be one of none, cert-manager, given",
    "write for example none",
  ],
  [
    { tls: { certificates: "cert-manager" } },
    "tls.issuer",
    "is missing, but tls.certificates is cert-manager",
    issuerRemedy,
  ],
  [
    { tls: { certificates: "cert-manager", issuer: "My CA" } },
    "tls.issuer",
    "must be the name of a ClusterIssuer",
    "write for example internal-ca",
  ],
  [
    { tls: { certificates: "given", issuer: "ca" } },
    "tls.issuer",
    "is ca, but tls.certificates is given",
    "set tls.certificates to cert-manager, or leave it out",
  ],
  [
    { tls: { issuer: "ca" } },
    "tls.issuer",
    "is ca, but tls.certificates is none",
    "set tls.certificates to cert-manager, or leave it out",
  ],
  [{ tls: { certificate: "given" } }, "tls.certificate", unknown, "did you mean tls.certificates?"],

  // What topologies want.
  [
    { profile: "prod", images: { loki: { tag: "4.0.0" } } },
    "topology",
    "is simple-scalable, but Loki 4.0.0 no longer has the targets of that topology",
    "write ha-monolithic, its successor, or keep a Loki 3 in images.loki.tag",
  ],
  [
    { profile: "prod", loki: { replicas: { write: 2 } } },
    "loki.replicas.write",
    "is 2, below the replication factor of 3",
    "write at least 3 in loki.replicas.write, or a smaller loki.replicationFactor",
  ],
  [
    { profile: "prod", loki: { replicationFactor: 5 } },
    "loki.replicationFactor",
    "is 5, above the 3 replicas that ingest",
    "write at least 5 in loki.replicas.write, or a smaller loki.replicationFactor",
  ],
  [
    { profile: "prod", loki: { replicationFactor: 2 } },
    "loki.replicationFactor",
    "is 2: its quorum survives no more lost ingesters than a factor of 1",
    "write 1 or 3",
  ],
  [
    { loki: { replicas: { singleBinary: 3 } } },
    "loki.replicas.singleBinary",
    "is 3, but the replicas of topology single-binary cannot find each other",
    "set topology to ha-monolithic",
  ],
  [
    { loki: { replicas: { write: 3 } } },
    "loki.replicas.write",
    "is 3, but topology single-binary has no such target",
    "leave it out, or write loki.replicas.singleBinary or loki.replicas.gateway",
  ],
  [
    { profile: "prod", topology: "ha-monolithic", loki: { replicas: { backend: 3 } } },
    "loki.replicas.backend",
    "is 3, but topology ha-monolithic has no such target",
    "leave it out, or write loki.replicas.singleBinary or loki.replicas.gateway",
  ],
  [
    { loki: { schema: [period, { ...period, indexPrefix: "b_" }] } },
    "loki.schema[1].from",
    'is "2024-04-01", which is not after the previous period (2024-04-01)',
    "list the periods from the oldest to the newest, each with a different day",
  ],
  [
    { loki: { schema: [{ ...period, from: "2025-01-01" }, period] } },
    "loki.schema[1].from",
    'is "2024-04-01", which is not after the previous period (2025-01-01)',
    "list the periods from the oldest to the newest, each with a different day",
  ],
  [
    { loki: { caches: { chunksDiskSize: "50Gi" } } },
    "loki.caches.chunksDiskSize",
    "is set, but topology single-binary caches inside the process",
    "leave it out",
  ],
  [
    { profile: "prod", loki: { caches: { chunksDiskSize: "500Mi" } } },
    "loki.caches.chunksDiskSize",
    "is 500Mi, not whole gibibytes",
    "write for example 50Gi",
  ],
  [
    { profile: "prod", loki: { caches: { chunksMb: 0, chunksDiskSize: "50Gi" } } },
    "loki.caches.chunksDiskSize",
    "is set, but the chunk cache has no memory",
    "write at least 64 in loki.caches.chunksMb",
  ],
  [
    { minio: { parity: 2 } },
    "minio.parity",
    "is 2, but a single drive has no parity",
    "leave it out, or set minio.servers to at least 4",
  ],
  [
    { profile: "prod", minio: { parity: 5 } },
    "minio.parity",
    "is 5, more than half of an erasure set of 8",
    "write at most 4",
  ],
  [
    { profile: "prod", minio: { parity: 1 } },
    "minio.parity",
    "is 1: losing two drives would lose logs",
    "write 2 to 4, or leave it out",
  ],
  [
    { profile: "prod", minio: { parity: 0 } },
    "minio.parity",
    "is 0: losing one drive would lose logs",
    "write 2 to 4, or leave it out",
  ],

  // Retention and its tiers.
  [{ retention: { days: 30 } }, "retention.days", unknown, `settings here are ${listed("retention")}`],
  [{ retention: { hotDays: -1 } }, "retention.hotDays", whole(0, 3650), "write for example 7"],
  [{ retention: { hotDays: "7" } }, "retention.hotDays", whole(0, 3650), "write for example 7"],
  [{ retention: { coldDays: 1 } }, "retention.coldDays", whole(2, 3650), "write for example 365"],
  [{ retention: { coldDays: "1 year" } }, "retention.coldDays", whole(2, 3650), "write for example 365"],
  [
    { retention: { compactionIntervalMinutes: 0 } },
    "retention.compactionIntervalMinutes",
    whole(1, 1440),
    "write for example 10",
  ],
  [
    { retention: { streams: { namespace: 3 } } },
    "retention.streams",
    "must be a list of retentions of streams",
    `write for example [{"selector":"{namespace=\\"dev\\"}","days":3,"priority":1}]`,
  ],
  [
    { retention: { streams: [{ selector: 'namespace="a"', days: 1, priority: 1 }] } },
    "retention.streams[0].selector",
    'must be a stream selector such as {namespace="dev"}',
    'write for example {namespace="dev"}',
  ],
  [
    { retention: { streams: [{ selector: '{namespace="a"}', days: 0, priority: 1 }] } },
    "retention.streams[0].days",
    whole(1, 3650),
    "write for example 3",
  ],
  [
    { retention: { streams: [{ selector: '{namespace="a"}', days: 1 }] } },
    "retention.streams[0].priority",
    "is not set",
    "write for example 1",
  ],
  [
    { retention: { streams: [{ selector: '{namespace="a"}', period: "24h", days: 1, priority: 1 }] } },
    "retention.streams[0].period",
    unknown,
    "settings here are selector, days, priority",
  ],

  [
    { retention: { warmDays: 3, hotDays: 4 } },
    "retention.hotDays",
    "is 4, more than the 3 days of the warm tier",
    "write at most 3",
  ],
  [
    { retention: { streams: [stream("{namespace}", 3, 1)] } },
    "retention.streams[0].selector",
    "is {namespace}, which is not a stream selector",
    selectorRemedy,
  ],
  [
    { retention: { streams: [stream("{namespace=dev}", 3, 1)] } },
    "retention.streams[0].selector",
    "is {namespace=dev}, which is not a stream selector",
    selectorRemedy,
  ],
  [
    { retention: { streams: [stream('{a="1"} |= "x"}', 3, 1)] } },
    "retention.streams[0].selector",
    'is {a="1"} |= "x"}, which is not a stream selector',
    selectorRemedy,
  ],
  [
    { retention: { streams: [stream('{a="1"}', 3, 1), stream('{a="1"}', 5, 2)] } },
    "retention.streams[1].selector",
    "is the same as that of retention.streams[0]",
    "list each selector once",
  ],
  [
    { retention: { streams: [stream('{a="1"}', 3, 1), stream('{b="1"}', 5, 1)] } },
    "retention.streams[1].priority",
    "is 1, like that of retention.streams[0]: the one for a stream that matches both is undefined",
    "give each a different priority",
  ],

  // The cold tier.
  [
    { retention: { coldDays: 365 } },
    "retention.coldDays",
    "is set, but the stack has no remote tier for cold chunks",
    "set minio.tier, or leave it out",
  ],
  [
    { minio: { tier }, retention: { coldDays: 7 } },
    "retention.coldDays",
    "is 7, not more than the 7 days of the warm tier",
    "write at least 8, or leave it out",
  ],
  [
    { minio: { tier }, retention: { coldDays: 5 } },
    "retention.coldDays",
    "is 5, not more than the 7 days of the warm tier",
    "write at least 8, or leave it out",
  ],
  [
    { minio: { tier }, retention: { warmDays: 3, hotDays: 5, coldDays: 30 } },
    "retention.hotDays",
    "is 5, more than the 3 days of the warm tier",
    "write at most 3",
  ],
  [{ minio: { tier: "s3" } }, "minio.tier", group, `write its settings below it: ${listed("minio", "tier")}`],
  [{ minio: { tier: { ...tier, kind: undefined } } }, "minio.tier.kind", "is not set", "write for example s3"],
  [
    { minio: { tier: { ...tier, kind: "glacier" } } },
    "minio.tier.kind",
    "must be one of s3, minio",
    "write for example s3",
  ],
  [
    { minio: { tier: { ...tier, endpoint: undefined } } },
    "minio.tier.endpoint",
    "is not set",
    "write for example https://s3.eu-central-1.amazonaws.com",
  ],
  [
    { minio: { tier: { ...tier, endpoint: "s3.example.com" } } },
    "minio.tier.endpoint",
    address,
    "write for example https://s3.eu-central-1.amazonaws.com",
  ],
  [
    { minio: { tier: { ...tier, endpoint: "https://s3.example.com/cold-logs" } } },
    "minio.tier.endpoint",
    address,
    "write for example https://s3.eu-central-1.amazonaws.com",
  ],
  [
    { minio: { tier: { ...tier, endpoint: "https://key:secret@s3.example.com" } } },
    "minio.tier.endpoint",
    address,
    "write for example https://s3.eu-central-1.amazonaws.com",
  ],
  [
    { minio: { tier: { ...tier, endpoint: "https://s3.example.com:70000" } } },
    "minio.tier.endpoint",
    "is https://s3.example.com:70000, but that port does not exist",
    "write a port from 1 to 65535",
  ],
  [
    { minio: { tier: { ...tier, endpoint: "http://minio.logharbor-minio.svc:9000" } } },
    "minio.tier.endpoint",
    "is http://minio.logharbor-minio.svc:9000, the stack's own MinIO",
    "name another store",
  ],
  [
    { minio: { tier: { ...tier, bucket: undefined } } },
    "minio.tier.bucket",
    "is not set",
    "write for example our-cold-logs",
  ],
  [
    { minio: { tier: { ...tier, bucket: "Cold" } } },
    "minio.tier.bucket",
    "must be a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)",
    "write for example our-cold-logs",
  ],
  [
    { minio: { tier: { ...tier, prefix: "/logs/" } } },
    "minio.tier.prefix",
    "must be a path of letters, digits, dots, _ and -, without a slash at either end",
    "write for example logharbor/prod",
  ],
  [
    { minio: { tier: { ...tier, region: "EU" } } },
    "minio.tier.region",
    "must be a region (lower-case letters, digits, hyphens)",
    "write for example eu-central-1",
  ],
  [
    { minio: { tier: { ...tier, kind: "minio", region: "eu-central-1" } } },
    "minio.tier.region",
    "is set, but a tier of kind minio has no region",
    "leave it out",
  ],
  [
    { minio: { tier: { ...tier, secret: undefined } } },
    "minio.tier.secret",
    "is not set",
    "write for example cold-tier",
  ],
  [{ minio: { tier: { ...tier, secret: "Cold Tier" } } }, "minio.tier.secret", label, "write for example cold-tier"],
  [
    { minio: { tier: { ...tier, secretKey: "x" } } },
    "minio.tier.secretKey",
    unknown,
    "did you mean minio.tier.secret?",
  ],
  [
    { minio: { tier }, tenant: "index" },
    "tenant",
    "names a tenant index: it would share a folder with Loki's index, which must not move to the remote tier",
    "choose another name, or leave minio.tier out",
  ],
  [
    { minio: { tier }, gateway: { authentication: "basic", tenants: ["index"] } },
    "gateway.tenants",
    "names a tenant index: it would share a folder with Loki's index, which must not move to the remote tier",
    "choose another name, or leave minio.tier out",
  ],

  // The danger gate's yes.
  [{ allow: "retention-cut" }, "allow", "must be a list of dangers", 'write for example ["retention-cut"]'],
  [{ allow: true }, "allow", "must be a list of dangers", 'write for example ["retention-cut"]'],

  // Images of what prod has more.
  [
    { images: { memcached: "memcached:1.6" } },
    "images.memcached",
    group,
    "write its settings below it: registry, repository, tag, digest",
  ],
  [{ images: { memcache: {} } }, "images.memcache", unknown, "did you mean images.memcached?"],

  // Names and lists.
  [
    { allow: ["everything"] },
    "allow[0]",
    `must be one of ${dangerNames.join(", ")}`,
    "write for example retention-cut",
  ],
  [
    { allow: ["retention-cut", "yes"] },
    "allow[1]",
    `must be one of ${dangerNames.join(", ")}`,
    "write for example retention-cut",
  ],
  [
    { loki: { chunkEncoding: "brotli" } },
    "loki.chunkEncoding",
    "must be one of snappy, lz4, gzip, zstd, none",
    "write for example snappy",
  ],
  [
    { loki: { limits: { ingestionRate: 4 } } },
    "loki.limits.ingestionRate",
    unknown,
    "did you mean loki.limits.ingestionRateMb?",
  ],
  [{ gateway: { tenants: [7] } }, "gateway.tenants[0]", tenant, 'put it in quotes: "7"'],
  [
    { spread: { nodes: "required", zones: 3 } },
    "spread.zones",
    "must be one of required, preferred",
    "write for example required",
  ],
];
