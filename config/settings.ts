import { z } from "zod";

import { isBytes, isCores } from "./quantity";

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

const choice = <const T extends [string, ...string[]]>(values: T, description: string) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` }).meta({ description, example: values[0] } satisfies SettingMeta);

const dnsLabel = (description: string, example: string) =>
  text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a DNS label (lower-case letters, digits, hyphens, at most 63)", description, example);

const bucketName = (description: string, example: string) =>
  text(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket name (3 to 63 lower-case letters, digits, hyphens)", description, example);

const resources = z.strictObject({
  cpuRequest: cores("CPU the scheduler reserves for one replica, in cores.", "250m"),
  memoryRequest: bytes("Memory the scheduler reserves for one replica.", "512Mi"),
  cpuLimit: cores("CPU that one replica may use at most; unset: no limit.", "1").optional(),
  memoryLimit: bytes("Memory at which one replica is killed.", "1Gi"),
});

const registry = (description: string, example: string) =>
  text(/^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/, "a registry host without a scheme, with port and path if need be", description, example);

const image = z.strictObject({
  registry: registry("Registry that serves the image.", "docker.io"),
  repository: text(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, "an image repository without registry and tag", "Repository of the image.", "grafana/loki"),
  tag: text(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag", "Tag of the image.", "3.7.6"),
  digest: text(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits", "Digest of the image; wins over the tag.", `sha256:${"0".repeat(64)}`).optional(),
});

const chart = z.strictObject({
  repository: text(/^(https|http|oci):\/\/\S+$/, "an http(s):// or oci:// address", "Chart repository, or the OCI folder that holds the chart.", "https://charts.example.com"),
  version: text(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "one exact version, no range", "Exact version of the chart.", "18.11.0"),
  path: text(/^\S.*$/, "a path", "Local folder or .tgz of the chart, for sites without a way out; wins over the repository.", "/srv/charts/loki").optional(),
});

export const settingsSchema = z.strictObject({
  profile: choice(["dev", "prod"], "Which column of the defaults the stack starts from. The one setting that has no default."),
  topology: choice(["single-binary", "simple-scalable"], "How Loki is laid out: one process, or write, read and backend apart."),
  tenant: text(/^[A-Za-z0-9][A-Za-z0-9!._*'()-]{0,149}$/, "a Loki tenant (letters, digits and !._*'()-, at most 150)", "Loki tenant (X-Scope-OrgID) that Alloy writes to and that Grafana and the command line read.", "logharbor"),
  protectData: flag("Refuse to delete or replace what holds logs: MinIO and Loki, their namespaces, the buckets.", true),
  storageClass: text(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "the name of a StorageClass", "StorageClass of every volume; unset: the cluster's default.", "fast-ssd").optional(),
  namespaces: z.strictObject({
    minio: dnsLabel("Namespace of MinIO.", "logharbor-minio"),
    loki: dnsLabel("Namespace of Loki.", "logharbor-loki"),
    alloy: dnsLabel("Namespace of Alloy.", "logharbor-alloy"),
    grafana: dnsLabel("Namespace of Grafana.", "logharbor-grafana"),
  }),
  minio: z.strictObject({
    servers: whole(1, 32, "MinIO servers; more than one is distributed and erasure-coded.", 4),
    drivesPerServer: whole(1, 16, "Volumes of each server.", 2),
    volumeSize: bytes("Size of each volume.", "10Gi"),
    resources,
    buckets: z.strictObject({
      chunks: bucketName("Bucket of Loki's chunks and index.", "loki-bucket"),
      ruler: bucketName("Bucket of Loki's rules.", "loki-ruler-bucket"),
    }),
    staleUploadHours: whole(1, 720, "Age in hours at which MinIO removes the parts of an upload that was never finished.", 24),
    endpoint: text(/^[A-Za-z0-9][A-Za-z0-9.-]*:[1-9]\d{0,4}$/, "host:port without a scheme", "Address at which the machine that runs Pulumi reaches MinIO's API; unset: a tunnel through the Kubernetes API.", "minio.example.com:9000").optional(),
    tunnelPort: whole(1024, 65535, "Local port of that tunnel. It is part of the provider's state, so it is fixed.", 39000),
  }),
  loki: z.strictObject({
    volumeSize: bytes("Size of the volume of each replica that keeps a write-ahead log or markers.", "10Gi"),
    resources,
    schemaFrom: text(/^\d{4}-\d{2}-\d{2}$/, "a date, YYYY-MM-DD, in quotes", "First day of the schema (v13, tsdb). Never change it once logs are stored.", "2024-04-01"),
    chunkEncoding: choice(["snappy", "lz4", "gzip", "zstd", "none"], "Compression of chunks."),
    limits: z.strictObject({
      ingestionRateMb: whole(1, 10000, "Ingestion rate of the tenant, MB/s.", 16),
      ingestionBurstSizeMb: whole(1, 10000, "Ingestion burst of the tenant, MB; the largest push must fit.", 32),
      maxEntriesLimitPerQuery: whole(1, 1000000, "Most lines that one query returns.", 5000),
      maxOutstandingRequestsPerTenant: whole(1, 100000, "Query requests of the tenant that may wait in the scheduler.", 256),
    }),
  }),
  retention: z.strictObject({
    days: whole(1, 3650, "Days that logs are kept; the compactor deletes what is older.", 30),
    deleteDelayHours: whole(0, 168, "Hours between marking a chunk and deleting it.", 2),
    deleteWorkers: whole(1, 150, "Workers that delete chunks in parallel.", 10),
  }),
  alloy: z.strictObject({
    source: choice(["kubernetes-api", "files"], "Read logs through the API server (no host path), or from /var/log/pods on the node (cheaper; the namespace is then privileged)."),
    podAs: choice(["structured-metadata", "label"], "Where the pod's name goes: structured metadata keeps the number of streams low; a label can be used inside { }."),
    excludeNamespaces: z
      .array(dnsLabel("A namespace.", "kube-system"), { error: "must be a list of namespaces" })
      .meta({ description: "Namespaces whose logs are not collected.", example: '["kube-system"]' } satisfies SettingMeta),
    resources,
  }),
  grafana: z.strictObject({
    enabled: flag("Install Grafana.", true),
    volumeSize: bytes("Size of Grafana's volume.", "5Gi"),
    resources,
  }),
  charts: z.strictObject({ minio: chart, loki: chart, alloy: chart, grafana: chart }),
  images: z.strictObject({
    mirror: registry("Registry that mirrors all images; replaces the registry of each.", "registry.example.com/mirror").optional(),
    pullSecrets: z
      .array(dnsLabel("A Secret.", "registry-credentials"), { error: "must be a list of Secret names" })
      // MinIO's chart does not render with a second one; one Secret holds the credentials of any number of registries.
      .max(1, { error: "must name one Secret, which holds the credentials of every registry" })
      .meta({ description: "Secret of type kubernetes.io/dockerconfigjson, there in each namespace; a list of at most one.", example: '["registry-credentials"]' } satisfies SettingMeta),
    minio: image,
    loki: image,
    alloy: image,
    grafana: image,
    gateway: image,
  }),
});

/** The resolved settings of a stack: every default filled in, every value checked. */
export type Settings = z.output<typeof settingsSchema>;
export type Profile = Settings["profile"];
export type Topology = Settings["topology"];
export type Resources = z.output<typeof resources>;
export type Image = z.output<typeof image>;
export type ChartSource = z.output<typeof chart>;
