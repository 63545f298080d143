import { z } from "zod";

import { resources, schemaPeriod } from "./groups";
import { lokiConfig } from "./hatchSettings";
import { bytes, choice, flag, list, storageClass, tenantName, whole } from "./kinds";
import { identitySettings, podSettings, targetResources } from "./podSettings";

const replicas = (what: string) =>
  whole({ min: 1, max: 64, about: `Number of ${what}; unset: the topology's default.`, example: 3 }).optional();

/** The limits of one tenant, each in place of that of all tenants. */
const tenantLimits = z.strictObject({
  name: tenantName({ about: "The tenant.", example: "team-a" }),
  ingestionRateMb: whole({
    min: 1,
    max: 10_000,
    about: "Its highest ingestion rate, in MB/s; unset: that of all.",
    example: 4,
  }).optional(),
  ingestionBurstSizeMb: whole({
    min: 1,
    max: 10_000,
    about: "Its highest ingestion burst, in MB; unset: that of all.",
    example: 8,
  }).optional(),
  streamRateMb: whole({
    min: 1,
    max: 10_000,
    about: "Highest rate of one of its streams, in MB/s; unset: that of all.",
    example: 2,
  }).optional(),
  maxStreams: whole({
    min: 1,
    max: 10_000_000,
    about: "Most active streams that it may have; unset: as many as all.",
    example: 1000,
  }).optional(),
});

/** Loki, its gateway and its caches. */
export const loki = z.strictObject({
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
  // Measured with Loki 3.7.6: docs/limits.md.
  patterns: flag({
    both: true,
    about:
      "Find the patterns of the lines of the last 3 hours, for Grafana's Logs Drilldown and npm run patterns. Takes " +
      "about 35 kB of memory a stream.",
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
    streamRateMb: whole({
      min: 1,
      max: 10_000,
      about:
        "Highest rate of one stream of each further tenant, in MB/s, with a burst of the same size. Loki drops and " +
        "counts the lines beyond it. Unset: only the tenant's rate counts.",
      example: 4,
    }).optional(),
    // Loki's own default.
    maxLineSizeKb: whole({
      min: 1,
      max: 4096,
      both: 256,
      about: "Longest line, in KB of 1,024 bytes. Loki drops and counts a longer one, unless cutLongLines is set.",
    }),
    cutLongLines: flag({
      both: false,
      about: "Cut a line that is too long, mark its end with `... (cut)`, and count it, instead of dropping it.",
    }),
    tenants: list(tenantLimits, "limits of tenants", {
      both: [],
      about: "Limits of single tenants, in place of those above.",
      example: [{ name: "team-a", ingestionRateMb: 4 }],
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
  config: lokiConfig,
});
