import {
  bytes,
  className,
  cores,
  mistyped,
  notGroup,
  unknown,
  unquoted,
  whole,
  wrong,
  yesOrNo,
  type BadConfig,
} from "./rows";

const encodings = "must be one of snappy, lz4, gzip, zstd, none";
const gateway = "leave it out, or write loki.replicas.singleBinary or loki.replicas.gateway";

const limitsOf = (...tenants: object[]) => ({
  gateway: { authentication: "basic", tenants: ["team-a"] },
  loki: { limits: { tenants } },
});

export const loki: BadConfig[] = [
  ...wrong("loki.query.timeoutSeconds", whole(10, 3600), "300", 5, 7200, "5m"),
  ...unknown("loki.query.timeout", 60),
  ...notGroup("loki", []),
  mistyped("loki.ingestionRateMb", 4, "loki.limits.ingestionRateMb"),
  ...unknown("loki.schemaFrom", "2024-04-01"),
  [
    { loki: { "resources.cpuRequest": "1" } },
    "loki.resources.cpuRequest",
    "is not a known setting",
    "nest it: pulumi config set --path logharbor:loki.resources.cpuRequest <value>",
  ],

  ...wrong("loki.volumeSize", bytes, "10Gi", "-5Gi"),
  ...wrong("loki.resources.memoryRequest", bytes, "512Mi", "512m"),
  ...wrong("loki.resources.memoryLimit", bytes, "1Gi", "1GB"),
  unquoted("loki.resources.cpuRequest", cores, 2),
  ...wrong("loki.resources.cpuRequest", cores, "250m", "1Gi"),
  ...wrong("loki.resources.cpuLimit", cores, "1", "0.0001"),

  ...notGroup("loki.replicas", 3),
  ...wrong("loki.replicas.write", whole(1, 64), "3", 0),
  ...wrong("loki.replicas.backend", whole(1, 64), "3", "3"),
  ...wrong("loki.replicas.singleBinary", whole(1, 64), "3", 65),
  ...wrong("loki.replicas.gateway", whole(1, 64), "3", -1),
  mistyped("loki.replicas.writer", 3, "loki.replicas.write"),
  ...unknown("loki.replicas.querier", 3),
  ...wrong("loki.replicationFactor", whole(1, 9), "3", 0, "three"),
  ...wrong("loki.chunkEncoding", encodings, "snappy", "brotli"),

  ...wrong("loki.caches.chunksMb", whole(0, 1_000_000), "1024", -1, "1Gi"),
  ...wrong("loki.caches.resultsMb", whole(0, 1_000_000), "256", 0.5),
  ...wrong("loki.caches.chunksDiskSize", bytes, "50Gi", "fifty"),
  ...wrong("loki.caches.storageClass", className, "local-nvme", "Fast SSD"),
  mistyped("loki.caches.chunks", 8192, "loki.caches.chunksMb"),
  ...wrong("loki.query.parallelism", whole(1, 2048), "64", 0),
  ...wrong("loki.query.maxConcurrent", whole(1, 256), "8", 1000),

  ...wrong("loki.patterns", yesOrNo, "true", "on"),
  ...notGroup("loki.limits", 16),
  ...wrong("loki.limits.ingestionRateMb", whole(1, 10_000), "16", true),
  ...wrong("loki.limits.maxEntriesLimitPerQuery", whole(1, 1_000_000), "5000", 0),
  ...wrong("loki.limits.rejectOldSamplesHours", whole(1, 87_600), "168", 0, "7d"),
  ...wrong("loki.limits.maxStreams", whole(100, 10_000_000), "20000", 0),
  ...wrong("loki.limits.maxLineSizeKb", whole(1, 4096), "256", 0, 8192, "256KB"),
  ...wrong("loki.limits.cutLongLines", yesOrNo, "false", "yes"),
  ...wrong("loki.limits.streamRateMb", whole(1, 10_000), "4", 0, "4MB"),
  ...wrong(
    "loki.limits.tenants",
    "must be a list of limits of tenants",
    '[{"name":"team-a","ingestionRateMb":4}]',
    "team-a",
  ),
  [
    limitsOf({ name: "team-a", ingestionRateMb: 0 }),
    "loki.limits.tenants[0].ingestionRateMb",
    whole(1, 10_000),
    "write for example 4",
  ],
  [
    limitsOf({ name: "team-a", maxStreams: "many" }),
    "loki.limits.tenants[0].maxStreams",
    whole(1, 10_000_000),
    "write for example 1000",
  ],
  mistyped("loki.limits.lineSizeKb", 256, "loki.limits.maxLineSizeKb"),
  [
    limitsOf({ name: "team-b", maxStreams: 10 }),
    "loki.limits.tenants[0].name",
    "is team-b, which neither gateway.tenants nor alloy.tenants names",
    "write team-a",
  ],
  [
    { loki: { limits: { tenants: [{ name: "team-a", maxStreams: 10 }] } } },
    "loki.limits.tenants[0].name",
    "is team-a, which neither gateway.tenants nor alloy.tenants names",
    "add it there, or leave this out",
  ],
  [
    limitsOf({ name: "team-a", maxStreams: 10 }, { name: "team-a", maxStreams: 20 }),
    "loki.limits.tenants[1].name",
    "is team-a, which has limits above",
    "write its limits once",
  ],
  [
    limitsOf({ name: "logharbor", ingestionRateMb: 4 }),
    "loki.limits.tenants[0]",
    "limits the rate of logharbor, for which Alloy collects: Alloy would drop what Loki refuses",
    "write only maxStreams for it; alloy.limits holds back floods",
  ],
  [
    limitsOf({ name: "team-a" }),
    "loki.limits.tenants[0]",
    "names a tenant without a limit",
    "write one, or leave the tenant out",
  ],
  [
    limitsOf({ name: "team-a", ingestionBurstSizeMb: 8 }),
    "loki.limits.tenants[0]",
    "leaves team-a a burst of 8 MB, below its rate of 16 MB/s",
    "write at least 16 in its ingestionBurstSizeMb",
  ],
  mistyped("loki.limits.maxStream", 5000, "loki.limits.maxStreams"),
  mistyped("loki.limits.ingestionRate", 4, "loki.limits.ingestionRateMb"),
  mistyped("loki.limits.ingestionRateMB", 4, "loki.limits.ingestionRateMb"),

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
    gateway,
  ],
  [
    { profile: "prod", topology: "ha-monolithic", loki: { replicas: { backend: 3 } } },
    "loki.replicas.backend",
    "is 3, but topology ha-monolithic has no such target",
    gateway,
  ],

  // Caches, limits and queries that do not fit together.
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
    { loki: { limits: { ingestionBurstSizeMb: 8 } } },
    "loki.limits.ingestionBurstSizeMb",
    "is 8, below the rate of 16",
    "write at least 16",
  ],
  [
    { loki: { query: { parallelism: 300 } } },
    "loki.query.parallelism",
    "is 300, but only 256 requests may wait: a query would have more parts than the queue holds",
    "write at most 256, or raise loki.limits.maxOutstandingRequestsPerTenant",
  ],
];
