import { z } from "zod";

import { bytes, choice, cores, dnsLabel, registryHost, text, whole, type Defaults } from "./kinds";

/*
 * Groups of settings that stand in several places, and the elements of lists.
 */

/** What one replica reserves, and what it may use. */
interface ResourceDefaults {
  cpuRequest: string;
  memoryRequest: string;
  memoryLimit: string;
  cpuLimit?: string;
}

/** The default of one field of a group whose defaults are given as a whole. */
function field<T extends object, K extends keyof T>(group: Defaults<T>, key: K): Defaults<T[K]> {
  return group.both === undefined ? { dev: group.dev?.[key], prod: group.prod?.[key] } : { both: group.both[key] };
}

/** A CPU limit stands only where the specification asks for one, since it throttles. */
export const resources = (defaults: Defaults<ResourceDefaults>) =>
  z.strictObject({
    cpuRequest: cores({
      about: "CPU the scheduler reserves for one replica, in cores.",
      example: "250m",
      ...field(defaults, "cpuRequest"),
    }),
    memoryRequest: bytes({
      about: "Memory the scheduler reserves for one replica.",
      example: "512Mi",
      ...field(defaults, "memoryRequest"),
    }),
    cpuLimit: cores({
      about: "CPU that one replica may use at most; unset: no limit.",
      example: "1",
      ...(field(defaults, "cpuLimit") as Defaults<string>),
    }).optional(),
    memoryLimit: bytes({
      about: "Memory at which one replica is killed.",
      example: "1Gi",
      ...field(defaults, "memoryLimit"),
    }),
  });

export const image = (registry: string, repository: string, tag: string) =>
  z.strictObject({
    registry: registryHost({ about: "Registry that serves the image.", example: "docker.io", both: registry }),
    repository: text(
      /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
      "an image repository without registry and tag",
    )({ about: "Repository of the image.", example: "grafana/loki", both: repository }),
    tag: text(
      /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
      "an image tag",
    )({ about: "Tag of the image.", example: "3.7.6", both: tag }),
    digest: text(
      /^sha256:[0-9a-f]{64}$/,
      "sha256: and 64 hexadecimal digits",
    )({ about: "Digest of the image; wins over the tag.", example: `sha256:${"0".repeat(64)}` }).optional(),
  });

export const chart = (repository: string, version: string) =>
  z.strictObject({
    repository: text(
      /^(https|http|oci):\/\/\S+$/,
      "an http(s):// or oci:// address",
    )({
      about: "Chart repository, or the OCI folder that holds the chart.",
      example: "https://charts.example.com",
      both: repository,
    }),
    version: text(
      /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/,
      "one exact version, no range",
    )({ about: "Exact version of the chart.", example: "18.11.0", both: version }),
    path: text(
      /^\S.*$/,
      "a path",
    )({
      about: "Local folder or .tgz of the chart, for sites without internet access; wins over the repository.",
      example: "/srv/charts/loki",
    }).optional(),
  });

export const tier = z.strictObject({
  kind: choice(["s3", "minio"], { about: "What serves the remote tier: S3, or a MinIO elsewhere." }),
  endpoint: text(
    /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?$/,
    "an http(s):// address without a path",
  )({
    about: "Address of the remote tier, as MinIO's pods reach it.",
    example: "https://s3.eu-central-1.amazonaws.com",
  }),
  bucket: text(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)",
  )({ about: "Bucket there, which exists and is empty below the prefix.", example: "our-cold-logs" }),
  prefix: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    "a path of letters, digits, dots, _ and -, without a slash at either end",
  )({
    about: "Folder of the bucket that is the stack's; unset: the whole bucket.",
    example: "logharbor/prod",
  }).optional(),
  region: text(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a region (lower-case letters, digits, hyphens)",
  )({
    about: "Region of the bucket, where its kind is s3; unset: that of the address.",
    example: "eu-central-1",
  }).optional(),
  secret: dnsLabel({
    about: "Secret in MinIO's namespace that you make, with the keys accessKey and secretKey.",
    example: "cold-tier",
  }),
});

export const schemaPeriod = z.strictObject({
  from: text(
    /^\d{4}-\d{2}-\d{2}$/,
    "a date, YYYY-MM-DD, in quotes",
  )({ about: "First day (UTC) of the period.", example: "2024-04-01" }),
  schema: choice(["v13"], { about: "Version of the index schema." }),
  indexPrefix: text(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    "a prefix of lower-case letters, digits, _ and -",
  )({ about: "Prefix of the period's index tables.", example: "loki_index_" }),
});

export const streamRetention = z.strictObject({
  selector: text(
    /^\{.+\}$/s,
    'a stream selector such as {namespace="dev"}',
  )({ about: "Streams it holds for.", example: '{namespace="dev"}' }),
  days: whole({ min: 1, max: 3650, about: "Days that their logs are kept.", example: 3 }),
  priority: whole({
    min: 0,
    max: 1000,
    about: "The highest priority wins where several selectors match.",
    example: 1,
  }),
});
