import { z } from "zod";

import { dangerNames } from "../domain/dangerNames";
import { isBytes, isCores } from "../domain/quantity";

/*
 * Every setting of a stack: its type, meaning and an example for the error message.
 * Defaults are in `defaults.ts`, rules that span settings in `rules.ts`.
 */

/** What the reader and the settings table know about a setting beside its type. */
export interface SettingMeta {
  /** What it does, with its unit. */
  description: string;
  /** A value that is right, as it is written in a stack file. */
  example: string;
}

const text = (pattern: RegExp, what: string, description: string, example: string) =>
  z
    .string({ error: `must be ${what}` })
    .regex(pattern, { error: `must be ${what}` })
    .meta({ description, example } satisfies SettingMeta);

const whole = (min: number, max: number, description: string, example: number) =>
  z
    .int({ error: `must be a whole number from ${min} to ${max}` })
    .min(min, { error: `must be a whole number from ${min} to ${max}` })
    .max(max, { error: `must be a whole number from ${min} to ${max}` })
    .meta({ description, example: String(example) } satisfies SettingMeta);

const quantity = (holds: (text: string) => boolean, what: string) => (description: string, example: string) =>
  z
    .string({ error: `must be ${what}` })
    .refine(holds, { error: `must be ${what}` })
    .meta({ description, example } satisfies SettingMeta);

const cores = quantity(isCores, "a Kubernetes quantity of CPU, from 1m to 1000 cores");
// A lower bound, since Kubernetes takes "512m" for half a byte.
const bytes = quantity(isBytes, "a Kubernetes quantity of bytes, at least 1Mi");

const flag = (description: string, example: boolean) =>
  z.boolean({ error: "must be true or false" }).meta({ description, example: String(example) } satisfies SettingMeta);

const choice = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
  z
    .enum(values, { error: `must be one of ${values.join(", ")}` })
    .meta({ description, example: values[0] } satisfies SettingMeta);

const dnsLabel = (description: string, example: string) =>
  text(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "a DNS label (lower-case letters, digits, hyphens, at most 63)",
    description,
    example,
  );

const bucketName = (description: string, example: string) =>
  text(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "a bucket name (3 to 63 lower-case letters, digits, hyphens)",
    description,
    example,
  );

const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9!._*'()-]{0,149}$/;
const tenantWords = "a Loki tenant (letters, digits and !._*'()-, at most 150)";

const replicas = (what: string) => whole(1, 64, `Number of ${what}; unset: the topology's.`, 3).optional();

const resources = z.strictObject({
  cpuRequest: cores("CPU the scheduler reserves for one replica, in cores.", "250m"),
  memoryRequest: bytes("Memory the scheduler reserves for one replica.", "512Mi"),
  cpuLimit: cores("CPU that one replica may use at most; unset: no limit.", "1").optional(),
  memoryLimit: bytes("Memory at which one replica is killed.", "1Gi"),
});

const registry = (description: string, example: string) =>
  text(
    /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/,
    "a registry host without a scheme, with port and path if need be",
    description,
    example,
  );

const image = z.strictObject({
  registry: registry("Registry that serves the image.", "docker.io"),
  repository: text(
    /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
    "an image repository without registry and tag",
    "Repository of the image.",
    "grafana/loki",
  ),
  tag: text(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag", "Tag of the image.", "3.7.6"),
  digest: text(
    /^sha256:[0-9a-f]{64}$/,
    "sha256: and 64 hexadecimal digits",
    "Digest of the image; wins over the tag.",
    `sha256:${"0".repeat(64)}`,
  ).optional(),
});

const tier = z.strictObject({
  kind: choice(["s3", "minio"], "What serves the remote tier: S3, or a MinIO elsewhere."),
  endpoint: text(
    /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?$/,
    "an http(s):// address without a path",
    "Address of the remote tier, as MinIO's pods reach it.",
    "https://s3.eu-central-1.amazonaws.com",
  ),
  bucket: text(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)",
    "Bucket there, which exists and is empty below the prefix.",
    "our-cold-logs",
  ),
  prefix: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    "a path of letters, digits, dots, _ and -, without a slash at either end",
    "Folder of the bucket that is the stack's; unset: the whole bucket.",
    "logharbor/prod",
  ).optional(),
  region: text(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a region (lower-case letters, digits, hyphens)",
    "Region of the bucket, where its kind is s3; unset: that of the address.",
    "eu-central-1",
  ).optional(),
  secret: dnsLabel("Secret in MinIO's namespace that you make, with the keys accessKey and secretKey.", "cold-tier"),
});

const day = (description: string) =>
  text(/^\d{4}-\d{2}-\d{2}$/, "a date, YYYY-MM-DD, in quotes", description, "2024-04-01");

const schemaPeriod = z.strictObject({
  from: day("First day (UTC) of the period."),
  schema: choice(["v13"], "Version of the index schema."),
  indexPrefix: text(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    "a prefix of lower-case letters, digits, _ and -",
    "Prefix of the period's index tables.",
    "loki_index_",
  ),
});

const streamRetention = z.strictObject({
  selector: text(
    /^\{.+\}$/s,
    'a stream selector such as {namespace="dev"}',
    "Streams it holds for.",
    '{namespace="dev"}',
  ),
  days: whole(1, 3650, "Days that their logs are kept.", 3),
  priority: whole(0, 1000, "The highest priority wins where several selectors match.", 1),
});

const list = <T extends z.ZodType>(element: T, what: string, description: string, example: string) =>
  z.array(element, { error: `must be a list of ${what}` }).meta({ description, example } satisfies SettingMeta);

const chart = z.strictObject({
  repository: text(
    /^(https|http|oci):\/\/\S+$/,
    "an http(s):// or oci:// address",
    "Chart repository, or the OCI folder that holds the chart.",
    "https://charts.example.com",
  ),
  version: text(
    /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/,
    "one exact version, no range",
    "Exact version of the chart.",
    "18.11.0",
  ),
  path: text(
    /^\S.*$/,
    "a path",
    "Local folder or .tgz of the chart, for sites without a way out; wins over the repository.",
    "/srv/charts/loki",
  ).optional(),
});

/** The parts of the platform, each with a namespace and a Helm release. */
export const partNames = ["minio", "loki", "alloy", "grafana"] as const;

export const settingsSchema = z.strictObject({
  profile: choice(
    ["dev", "prod"],
    "Which column of the defaults the stack starts from. The one setting that has no default.",
  ),
  topology: choice(
    ["single-binary", "simple-scalable", "ha-monolithic"],
    "How Loki is laid out: one process; write, read and backend apart; or three replicas of the one process.",
  ),
  tenant: text(
    tenantPattern,
    tenantWords,
    "Loki tenant (X-Scope-OrgID) that Alloy writes to and that Grafana and the command line read.",
    "logharbor",
  ),
  protectData: flag(
    "Refuse to delete or replace what holds logs: MinIO and Loki, their namespaces, the buckets.",
    true,
  ),
  allow: list(
    choice(dangerNames, "A danger."),
    "dangers",
    "Dangers that this stack may pass, by the names under which they were refused; take them out again afterwards.",
    '["retention-cut"]',
  ),
  spread: z.strictObject({
    nodes: choice(
      ["required", "preferred"],
      "Whether replicas of one workload must stand on nodes of their own, or do so where there are enough.",
    ),
    zones: choice(
      ["required", "preferred"],
      "Whether replicas must be spread evenly over zones, or are where that is possible.",
    ),
  }),
  networkPolicies: flag(
    "Refuse all traffic of the platform's pods but the flows it needs; takes a network plug-in that enforces NetworkPolicies.",
    true,
  ),
  ingressNamespaces: list(
    dnsLabel("A namespace.", "ingress-nginx"),
    "namespaces",
    "Namespaces whose pods may reach Grafana and Loki through the network policies: an ingress " +
      "controller's, or that of agents of your own.",
    '["ingress-nginx"]',
  ),
  apiServerPorts: list(
    whole(1, 65535, "A port.", 6443),
    "ports",
    "Ports of the Kubernetes API server, at any address, that the network policies leave open to Alloy: " +
      "those of `kubectl get endpoints kubernetes`.",
    "[443, 6443]",
  ).min(1, { error: "must hold at least one port" }),
  storageClass: text(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    "the name of a StorageClass",
    "StorageClass of every volume; unset: the cluster's default.",
    "fast-ssd",
  ).optional(),
  namespaces: z.strictObject({
    minio: dnsLabel("Namespace of MinIO.", "logharbor-minio"),
    loki: dnsLabel("Namespace of Loki.", "logharbor-loki"),
    alloy: dnsLabel("Namespace of Alloy.", "logharbor-alloy"),
    grafana: dnsLabel("Namespace of Grafana.", "logharbor-grafana"),
  }),
  existingNamespaces: list(
    choice(partNames, "A part."),
    `the parts ${partNames.join(", ")}`,
    "Parts whose namespace is there already and is used as it is: the stack neither makes, labels nor " +
      "removes it, and its network policies select its own pods alone.",
    '["minio"]',
  ),
  minio: z.strictObject({
    servers: whole(1, 32, "MinIO servers; more than one is distributed and erasure-coded.", 4),
    drivesPerServer: whole(1, 16, "Volumes of each server.", 2),
    parity: whole(
      0,
      8,
      "Drives of each erasure set that may be lost (EC:n); unset: MinIO's default for the set's size.",
      4,
    ).optional(),
    volumeSize: bytes("Size of each volume.", "10Gi"),
    resources,
    buckets: z.strictObject({
      chunks: bucketName("Bucket of Loki's chunks and index.", "loki-bucket"),
      ruler: bucketName("Bucket of Loki's rules.", "loki-ruler-bucket"),
    }),
    staleUploadHours: whole(
      1,
      720,
      "Age in hours at which MinIO removes the parts of an upload that was never finished.",
      24,
    ),
    endpoint: text(
      /^[A-Za-z0-9][A-Za-z0-9.-]*:[1-9]\d{0,4}$/,
      "host:port without a scheme",
      "Address at which the machine that runs Pulumi reaches MinIO's API; unset: a tunnel through the Kubernetes API.",
      "minio.example.com:9000",
    ).optional(),
    tier: tier.optional(),
    tunnelPort: whole(
      1024,
      65535,
      "Local port of that tunnel. It is part of the provider's state, so it is fixed.",
      39000,
    ),
  }),
  loki: z.strictObject({
    volumeSize: bytes("Size of the volume of each replica that keeps a write-ahead log or markers.", "10Gi"),
    resources,
    replicas: z.strictObject({
      singleBinary: replicas("processes that are all of Loki"),
      write: replicas("write targets"),
      read: replicas("read targets"),
      backend: replicas("backend targets"),
      gateway: replicas("gateways"),
    }),
    replicationFactor: whole(
      1,
      9,
      "Ingesters that hold each line before it is stored; unset: the topology's.",
      3,
    ).optional(),
    schema: list(
      schemaPeriod,
      "schema periods",
      "Periods of the index schema (tsdb), oldest first. Append one that begins in the future; never edit one that logs were stored under.",
      '[{"from":"2024-04-01","schema":"v13","indexPrefix":"loki_index_"}]',
    ).min(1, { error: "must hold at least one period" }),
    chunkEncoding: choice(["snappy", "lz4", "gzip", "zstd", "none"], "Compression of chunks."),
    caches: z.strictObject({
      chunksMb: whole(0, 1000000, "Memory of the chunk cache (memcached), MB; 0: none.", 1024),
      chunksDiskSize: bytes(
        "Volume on which the chunk cache goes on beyond its memory, best on a fast local disk; unset: memory only.",
        "50Gi",
      ).optional(),
      storageClass: text(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
        "the name of a StorageClass",
        "StorageClass of that volume; unset: that of the stack.",
        "local-nvme",
      ).optional(),
      resultsMb: whole(
        0,
        1000000,
        "Memory of the cache of query results, MB: in process where Loki is one process, else memcached; 0: none.",
        256,
      ),
    }),
    query: z.strictObject({
      parallelism: whole(1, 2048, "Parts of one query that may run at the same time (tsdb_max_query_parallelism).", 64),
      maxConcurrent: whole(1, 256, "Parts of queries that one querier runs at the same time.", 8),
    }),
    limits: z.strictObject({
      ingestionRateMb: whole(
        1,
        10000,
        "Ingestion rate of each further tenant (gateway.tenants), MB/s. The stack's own has none: Alloy waits for Loki by itself.",
        16,
      ),
      ingestionBurstSizeMb: whole(
        1,
        10000,
        "Ingestion burst of each further tenant, MB; its largest push must fit.",
        32,
      ),
      maxStreams: whole(
        100,
        10_000_000,
        "Active streams of one tenant; lines of one more are dropped and counted.",
        20_000,
      ),
      maxEntriesLimitPerQuery: whole(1, 1000000, "Most lines that one query returns.", 5000),
      maxOutstandingRequestsPerTenant: whole(
        1,
        100000,
        "Query requests of the tenant that may wait in the scheduler.",
        256,
      ),
      rejectOldSamplesHours: whole(
        1,
        87600,
        "Age in hours from which a line is refused, so the longest outage of Loki without loss.",
        168,
      ),
    }),
  }),
  gateway: z.strictObject({
    authentication: choice(
      ["none", "basic"],
      "Whether Loki's gateway asks for a tenant's name and generated password.",
    ),
    tenants: list(
      text(tenantPattern, tenantWords, "A tenant.", "team-a"),
      "tenants",
      "Further tenants, each with a generated password.",
      '["team-a"]',
    ),
  }),
  tls: z.strictObject({
    certificates: choice(
      ["none", "cert-manager", "given"],
      "Who makes the certificates of MinIO and of Loki's gateway: cert-manager, or you, in a Secret of " +
        "each namespace; none: they speak plain HTTP.",
    ),
    issuer: text(
      /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      "the name of a ClusterIssuer",
      "ClusterIssuer of cert-manager that signs them.",
      "internal-ca",
    ).optional(),
  }),
  retention: z.strictObject({
    hotDays: whole(
      0,
      3650,
      "Hot tier: days whose index is kept ready on local disk and whose chunks the chunk cache holds.",
      7,
    ),
    warmDays: whole(
      1,
      3650,
      "Warm tier: days that logs are kept in MinIO; the compactor deletes what is older, or MinIO moves it on where there is a cold tier.",
      30,
    ),
    coldDays: whole(
      2,
      3650,
      "Cold tier: days that logs are kept in all, those beyond warmDays in the remote tier minio.tier; unset: no cold tier.",
      365,
    ).optional(),
    streams: list(
      streamRetention,
      "retentions of streams",
      "Streams whose logs are kept shorter or longer.",
      '[{"selector":"{namespace=\\"dev\\"}","days":3,"priority":1}]',
    ),
    compactionIntervalMinutes: whole(1, 1440, "Minutes between two runs of the compactor.", 10),
    deleteDelayHours: whole(0, 168, "Hours between marking a chunk and deleting it.", 2),
    deleteWorkers: whole(1, 150, "Workers that delete chunks in parallel.", 10),
  }),
  alloy: z.strictObject({
    source: choice(
      ["kubernetes-api", "files"],
      "Read logs through the API server (no host path), or from /var/log/pods on the node (cheaper; the namespace is then privileged).",
    ),
    podAs: choice(
      ["structured-metadata", "label"],
      "Where the pod's name goes: structured metadata keeps the number of streams low; a label can be used inside { }.",
    ),
    excludeNamespaces: z
      .array(dnsLabel("A namespace.", "kube-system"), { error: "must be a list of namespaces" })
      .meta({
        description: "Namespaces whose logs are not collected.",
        example: '["kube-system"]',
      } satisfies SettingMeta),
    limits: z.strictObject({
      namespaceLinesPerSecond: whole(
        1,
        1_000_000,
        "Lines a second that the Alloy of a node takes of one namespace; more, after a burst of 10 seconds' " +
          "worth, is dropped and counted; unset: all.",
        20_000,
      ).optional(),
      appLinesPerSecond: whole(1, 1_000_000, "The same of one app of a namespace; unset: all.", 5_000).optional(),
    }),
    resources,
  }),
  grafana: z.strictObject({
    enabled: flag("Install Grafana.", true),
    volumeSize: bytes("Size of Grafana's volume.", "5Gi"),
    resources,
  }),
  charts: z.strictObject({ minio: chart, loki: chart, alloy: chart, grafana: chart }),
  images: z.strictObject({
    mirror: registry(
      "Registry that mirrors all images; replaces the registry of each.",
      "registry.example.com/mirror",
    ).optional(),
    pullSecrets: z
      .array(dnsLabel("A Secret.", "registry-credentials"), { error: "must be a list of Secret names" })
      // MinIO's chart does not render with a second one; one Secret holds the credentials of any number of registries.
      .max(1, { error: "must name one Secret, which holds the credentials of every registry" })
      .meta({
        description: "Secret of type kubernetes.io/dockerconfigjson, there in each namespace; a list of at most one.",
        example: '["registry-credentials"]',
      } satisfies SettingMeta),
    minio: image,
    loki: image,
    alloy: image,
    grafana: image,
    gateway: image,
    memcached: image,
  }),
});

/** The resolved settings of a stack: every default filled in, every value checked. */
export type Settings = z.output<typeof settingsSchema>;
export type Part = (typeof partNames)[number];
export type Profile = Settings["profile"];
export type Topology = Settings["topology"];
export type Resources = z.output<typeof resources>;
export type Image = z.output<typeof image>;
export type ChartSource = z.output<typeof chart>;
export type Tier = z.output<typeof tier>;
