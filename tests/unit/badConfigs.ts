import type { Overrides } from "../support/stack";

/** A config over the defaults of `dev` (or of the profile it names), and the one fault it has. */
export type BadConfig = [config: Overrides, key: string, problem: string, remedy: string];

const whole = (min: number, max: number) => `must be a whole number from ${min} to ${max}`;
const label = "must be a DNS label (lower-case letters, digits, hyphens, at most 63)";
const bytes = "must be a Kubernetes quantity of bytes, at least 1Mi";
const cores = "must be a Kubernetes quantity of CPU, from 1m to 1000 cores";
const bucket = "must be a bucket name (3 to 63 lower-case letters, digits, hyphens)";
const registry = "must be a registry host without a scheme, with port and path if need be";
const tenant = "must be a Loki tenant (letters, digits and !._*'()-, at most 150)";
const group = "must be a group of settings";
const unknown = "is no setting";
const isNull = "is null, but cannot be without a value";
const minioSettings = "servers, drivesPerServer, volumeSize, resources, buckets, staleUploadHours, endpoint, tunnelPort";
const partsOf = "minio, loki, alloy, grafana";
const digest = `sha256:${"0".repeat(64)}`;

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
  [{ elasticsearch: true }, "elasticsearch", unknown, "settings here are profile, topology, tenant, protectData, storageClass, namespaces, minio, loki, retention, alloy, grafana, charts, images"],
  [{ minio: { server: 4 } }, "minio.server", unknown, "did you mean minio.servers?"],
  [{ minio: { volumesize: "10Gi" } }, "minio.volumesize", unknown, "did you mean minio.volumeSize?"],
  [{ minio: { replicas: 4 } }, "minio.replicas", unknown, `settings here are ${minioSettings}`],
  [{ minio: { constructor: 1 } }, "minio.constructor", unknown, `settings here are ${minioSettings}`],
  [{ minio: JSON.parse('{"__proto__":{"servers":4}}') as unknown }, "minio.__proto__", unknown, `settings here are ${minioSettings}`],
  [{ loki: { limits: { ingestionRateMB: 4 } } }, "loki.limits.ingestionRateMB", unknown, "did you mean loki.limits.ingestionRateMb?"],
  [{ loki: { ingestionRateMb: 4 } }, "loki.ingestionRateMb", unknown, "did you mean loki.limits.ingestionRateMb?"],
  [{ excludeNamespaces: ["a"] }, "excludeNamespaces", unknown, "did you mean alloy.excludeNamespaces?"],
  [{ "minio.servers": 4 }, "minio.servers", unknown, "nest it: pulumi config set --path logharbor:minio.servers <value>"],
  [{ loki: { "resources.cpuRequest": "1" } }, "loki.resources.cpuRequest", unknown, "nest it: pulumi config set --path logharbor:loki.resources.cpuRequest <value>"],
  [{ alloy: { resources: { memory: "1Gi" } } }, "alloy.resources.memory", unknown, "settings here are cpuRequest, memoryRequest, cpuLimit, memoryLimit"],
  [{ images: { lokii: {} } }, "images.lokii", unknown, "did you mean images.loki?"],
  [{ images: { loki: { sha: digest } } }, "images.loki.sha", unknown, "settings here are registry, repository, tag, digest"],
  [{ charts: { prometheus: {} } }, "charts.prometheus", unknown, `settings here are ${partsOf}`],
  [{ namespaces: { gateway: "a" } }, "namespaces.gateway", unknown, `settings here are ${partsOf}`],

  // Groups and types.
  [{ minio: 4 }, "minio", group, `write its settings below it: ${minioSettings}`],
  [{ minio: "" }, "minio", group, `write its settings below it: ${minioSettings}`],
  [{ minio: null }, "minio", isNull, "leave it out for its defaults"],
  [{ loki: [] }, "loki", group, "write its settings below it: volumeSize, resources, schemaFrom, chunkEncoding, limits"],
  [{ loki: { limits: 16 } }, "loki.limits", group, "write its settings below it: ingestionRateMb, ingestionBurstSizeMb, maxEntriesLimitPerQuery, maxOutstandingRequestsPerTenant"],
  [{ namespaces: "logs" }, "namespaces", group, `write its settings below it: ${partsOf}`],
  [{ images: { loki: "grafana/loki:3.7.6" } }, "images.loki", group, "write its settings below it: registry, repository, tag, digest"],
  [{ protectData: "yes" }, "protectData", "must be true or false", "write for example true"],
  [{ protectData: 1 }, "protectData", "must be true or false", "write for example true"],
  [{ grafana: { enabled: "true" } }, "grafana.enabled", "must be true or false", "write for example true"],
  [{ retention: { days: null } }, "retention.days", isNull, "leave it out for its default of 7"],
  [{ profile: "prod", minio: { servers: null } }, "minio.servers", isNull, "leave it out for its default of 4"],

  // Text.
  [{ topology: "distributed" }, "topology", "must be one of single-binary, simple-scalable", "write for example single-binary"],
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
  [{ loki: { schemaFrom: "2024-04-01T00:00:00Z" } }, "loki.schemaFrom", "must be a date, YYYY-MM-DD, in quotes", "write for example 2024-04-01"],
  [{ loki: { chunkEncoding: "brotli" } }, "loki.chunkEncoding", "must be one of snappy, lz4, gzip, zstd, none", "write for example snappy"],
  [{ alloy: { source: "file" } }, "alloy.source", "must be one of kubernetes-api, files", "write for example kubernetes-api"],
  [{ alloy: { podAs: "metadata" } }, "alloy.podAs", "must be one of structured-metadata, label", "write for example structured-metadata"],
  [{ alloy: { excludeNamespaces: "kube-system" } }, "alloy.excludeNamespaces", "must be a list of namespaces", 'write for example ["kube-system"]'],
  [{ alloy: { excludeNamespaces: ["kube-.*"] } }, "alloy.excludeNamespaces[0]", label, "write for example kube-system"],
  [{ alloy: { excludeNamespaces: ["a", null] } }, "alloy.excludeNamespaces[1]", label, "write for example kube-system"],
  [{ minio: { endpoint: "http://minio.example.com:9000" } }, "minio.endpoint", "must be host:port without a scheme", "write for example minio.example.com:9000"],
  [{ minio: { endpoint: "minio.example.com" } }, "minio.endpoint", "must be host:port without a scheme", "write for example minio.example.com:9000"],
  [{ minio: { buckets: { chunks: "Loki_Bucket" } } }, "minio.buckets.chunks", bucket, "write for example loki-bucket"],
  [{ minio: { buckets: { ruler: "a" } } }, "minio.buckets.ruler", bucket, "write for example loki-ruler-bucket"],

  // Numbers.
  [{ minio: { servers: 0 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: 1.5 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: "4" } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { servers: 1e21 } }, "minio.servers", whole(1, 32), "write for example 4"],
  [{ minio: { tunnelPort: 80 } }, "minio.tunnelPort", whole(1024, 65535), "write for example 39000"],
  [{ minio: { staleUploadHours: 0 } }, "minio.staleUploadHours", whole(1, 720), "write for example 24"],
  [{ retention: { days: 0 } }, "retention.days", whole(1, 3650), "write for example 30"],
  [{ retention: { days: "30d" } }, "retention.days", whole(1, 3650), "write for example 30"],
  [{ retention: { deleteDelayHours: -1 } }, "retention.deleteDelayHours", whole(0, 168), "write for example 2"],
  [{ retention: { deleteWorkers: 0 } }, "retention.deleteWorkers", whole(1, 150), "write for example 10"],
  [{ loki: { limits: { ingestionRateMb: true } } }, "loki.limits.ingestionRateMb", whole(1, 10000), "write for example 16"],
  [{ loki: { limits: { maxEntriesLimitPerQuery: 0 } } }, "loki.limits.maxEntriesLimitPerQuery", whole(1, 1000000), "write for example 5000"],

  // Quantities.
  [{ minio: { volumeSize: "10 Gi" } }, "minio.volumeSize", bytes, "write for example 10Gi"],
  [{ minio: { volumeSize: 10 } }, "minio.volumeSize", bytes, "write for example 10Gi"],
  [{ minio: { volumeSize: 10737418240 } }, "minio.volumeSize", bytes, 'put it in quotes: "10737418240"'],
  [{ grafana: { volumeSize: "0Gi" } }, "grafana.volumeSize", bytes, "write for example 5Gi"],
  [{ loki: { volumeSize: "-5Gi" } }, "loki.volumeSize", bytes, "write for example 10Gi"],
  [{ loki: { resources: { memoryRequest: "512m" } } }, "loki.resources.memoryRequest", bytes, "write for example 512Mi"],
  [{ loki: { resources: { memoryLimit: "1GB" } } }, "loki.resources.memoryLimit", bytes, "write for example 1Gi"],
  [{ loki: { resources: { cpuRequest: 2 } } }, "loki.resources.cpuRequest", cores, 'put it in quotes: "2"'],
  [{ loki: { resources: { cpuRequest: "1Gi" } } }, "loki.resources.cpuRequest", cores, "write for example 250m"],
  [{ loki: { resources: { cpuLimit: "0.0001" } } }, "loki.resources.cpuLimit", cores, "write for example 1"],

  // Charts and images.
  [{ charts: { loki: { version: "^18.0.0" } } }, "charts.loki.version", "must be one exact version, no range", "write for example 18.11.0"],
  [{ charts: { loki: { version: "latest" } } }, "charts.loki.version", "must be one exact version, no range", "write for example 18.11.0"],
  [{ charts: { loki: { repository: "grafana/loki" } } }, "charts.loki.repository", "must be an http(s):// or oci:// address", "write for example https://charts.example.com"],
  [{ charts: { loki: { path: "" } } }, "charts.loki.path", "must be a path", "write for example /srv/charts/loki"],
  [{ images: { mirror: "https://mirror.example.com" } }, "images.mirror", registry, "write for example registry.example.com/mirror"],
  [{ images: { mirror: "mirror.example.com/" } }, "images.mirror", registry, "write for example registry.example.com/mirror"],
  [{ images: { loki: { repository: "grafana/loki:3.7.6" } } }, "images.loki.repository", "must be an image repository without registry and tag", "write for example grafana/loki"],
  [{ images: { loki: { tag: 3.7 } } }, "images.loki.tag", "must be an image tag", 'put it in quotes: "3.7"'],
  [{ images: { loki: { tag: "3.7.6@sha256:0" } } }, "images.loki.tag", "must be an image tag", "write for example 3.7.6"],
  [{ images: { loki: { digest: "0".repeat(64) } } }, "images.loki.digest", "must be sha256: and 64 hexadecimal digits", `write for example ${digest}`],
  [{ images: { pullSecrets: ["a", "b"] } }, "images.pullSecrets", "must name one Secret, which holds the credentials of every registry", 'write for example ["registry-credentials"]'],
  [{ images: { pullSecrets: [{ name: "a" }] } }, "images.pullSecrets[0]", label, "write for example registry-credentials"],
  [{ images: { minio: { repository: "minio/minio" } } }, "images.minio.repository", "is minio/minio, which docker.io no longer serves", "write pgsty/silo, or name a registry that has it"],

  // Settings that contradict each other.
  [{ namespaces: { loki: "logs", minio: "logs" } }, "namespaces.loki", 'is "logs", the namespace of minio too', "give each part a namespace of its own"],
  [{ namespaces: { alloy: "kube-system" } }, "namespaces.alloy", 'is "kube-system", which belongs to the cluster', "name a namespace that the stack may create and remove"],
  [{ namespaces: { minio: "default" } }, "namespaces.minio", 'is "default", which belongs to the cluster', "name a namespace that the stack may create and remove"],
  [{ minio: { drivesPerServer: 4 } }, "minio.drivesPerServer", "is 4 for one server", "write 1, or at least 2 servers with 4 drives together"],
  [{ minio: { servers: 2 } }, "minio.servers", "and minio.drivesPerServer give 2 drives, from which MinIO can form no equal erasure sets of 4 to 16", "write for example 4 servers with 2 drives each"],
  [{ minio: { servers: 17 } }, "minio.servers", "and minio.drivesPerServer give 17 drives, from which MinIO can form no equal erasure sets of 4 to 16", "write for example 4 servers with 2 drives each"],
  [{ minio: { buckets: { ruler: "loki-bucket" } } }, "minio.buckets.ruler", "is the bucket of the chunks too", "name a bucket of its own, such as loki-ruler-bucket"],
  [{ loki: { limits: { ingestionBurstSizeMb: 8 } } }, "loki.limits.ingestionBurstSizeMb", "is 8, below the rate of 16", "write at least 16"],
  [{ loki: { schemaFrom: "2024-02-30" } }, "loki.schemaFrom", 'is "2024-02-30", a day that does not exist', 'write for example "2024-04-01"'],
  [{ loki: { schemaFrom: "2024-13-01" } }, "loki.schemaFrom", 'is "2024-13-01", a day that does not exist', 'write for example "2024-04-01"'],
  [{ retention: { days: 1, deleteDelayHours: 24 } }, "retention.deleteDelayHours", "is longer than the retention itself", "write less than 24"],
  [{ profile: "prod", minio: { servers: 1, drivesPerServer: 1 } }, "minio.servers", "is 1 below a replicated Loki in prod: one disk would hold every log", "write at least 4, or set topology to single-binary"],
  [{ alloy: { resources: { cpuRequest: "500m", cpuLimit: "0.25" } } }, "alloy.resources.cpuLimit", "is 0.25, below the request of 500m", "write at least 500m"],
  [{ grafana: { resources: { memoryRequest: "2Gi" } } }, "grafana.resources.memoryLimit", "is 512Mi, below the request of 2Gi", "write at least 2Gi"],
];
