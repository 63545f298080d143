import { z } from "zod";

import { credentials } from "../domain/credentials";
import {
  bytes,
  choice,
  cores,
  dnsLabel,
  list,
  registryHost,
  s3Bucket,
  s3Region,
  storeAddress,
  text,
  whole,
  type Defaults,
} from "./kinds";

/*
 * Groups of settings that occur in several places, and the elements of lists.
 */

/** What one replica reserves, and what it may use. */
interface ResourceDefaults {
  cpuRequest: string;
  memoryRequest: string;
  memoryLimit: string;
  cpuLimit?: string;
}

/** The default of one field, taken from the defaults of its group. */
function field<T extends object, K extends keyof T>(group: Defaults<T>, key: K): Defaults<T[K]> {
  return group.both === undefined ? { dev: group.dev?.[key], prod: group.prod?.[key] } : { both: group.both[key] };
}

/**
 * CPU and memory of one replica. A CPU limit throttles, so a default has one only where the specification requires it.
 */
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
      about: "Most CPU that one replica may use, in cores; unset: no limit.",
      example: "1",
      ...(field(defaults, "cpuLimit") as Defaults<string>),
    }).optional(),
    memoryLimit: bytes({
      about: "Memory limit of one replica; Kubernetes kills a replica that exceeds it.",
      example: "1Gi",
      ...field(defaults, "memoryLimit"),
    }),
  });

/** A container image. The arguments are the defaults of registry, repository and tag, in both profiles. */
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
    )({ about: "Digest of the image; takes precedence over the tag.", example: `sha256:${"0".repeat(64)}` }).optional(),
  });

/** A Helm chart. The arguments are the defaults of repository and version, in both profiles. */
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
      "an exact version, not a range",
    )({ about: "Exact version of the chart.", example: "18.11.0", both: version }),
    username: text(
      /^[^\s:]+$/,
      "a user name without spaces and colons",
    )({
      about:
        "User at a private repository. The password is a secret of its own: " +
        "`pulumi config set --secret charts:password`, or the variable LOGHARBOR_CHARTS_PASSWORD. Unset: no login.",
      example: "robot",
    }).optional(),
    caFile: text(
      /^\S.*$/,
      "a path",
    )({
      about:
        "File with the CA of the repository's certificate (PEM), on the machine that runs Pulumi; unset: the system's.",
      example: "/etc/ssl/corp-ca.pem",
    }).optional(),
    path: text(
      /^\S.*$/,
      "a path",
    )({
      about:
        "Local folder or .tgz of the chart, for sites without internet access; takes precedence over the repository.",
      example: "/srv/charts/loki",
    }).optional(),
  });

/** The remote tier, to which MinIO moves cold chunks. It has no defaults. */
export const tier = z.strictObject({
  kind: choice(["s3", "minio"], { about: "Kind of the remote tier: S3, or another MinIO." }),
  endpoint: storeAddress({
    about: "Address at which MinIO's pods reach the remote tier.",
    example: "https://s3.eu-central-1.amazonaws.com",
  }),
  bucket: s3Bucket({
    about: "Bucket in the remote tier. It must exist and be empty below the prefix.",
    example: "our-cold-logs",
  }),
  prefix: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    "a path of letters, digits, dots, _ and -, without a slash at either end",
  )({
    about: "Folder in the bucket, for this stack only; unset: the whole bucket.",
    example: "logharbor/prod",
  }).optional(),
  region: s3Region({
    about: "Region of the bucket, for kind s3 only; unset: the region of the address.",
    example: "eu-central-1",
  }).optional(),
  secret: dnsLabel({
    about: "Secret in MinIO's namespace with the keys accessKey and secretKey. You create it.",
    example: "cold-tier",
  }),
});

/** A period of Loki's index schema. */
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

/** The retention of some streams, which replaces that of the whole stack. */
export const streamRetention = z.strictObject({
  selector: text(
    /^\{.+\}$/s,
    'a stream selector such as {namespace="dev"}',
  )({ about: "Streams that this retention applies to.", example: '{namespace="dev"}' }),
  days: whole({ min: 1, max: 3650, about: "Days to keep their logs.", example: 3 }),
  priority: whole({
    min: 0,
    max: 1000,
    about: "If several selectors match, the highest priority wins.",
    example: 1,
  }),
});

const generation = (of: string) =>
  whole({ min: 1, max: 1_000_000, both: 1, about: `Generation of ${of}. \`npm run rotate\` raises it.` });

/** Which generation of each generated credential is in use. */
export const rotation = z.strictObject({
  gateway: generation("the tenants' passwords at Loki's gateway"),
  grafana: generation("the password of Grafana's administrator"),
  lokiStore: generation("Loki's user in MinIO"),
  minioRoot: generation("the password of MinIO's root user"),
  unfinished: list(choice(credentials, { about: "A credential." }), "credentials", {
    both: [],
    about:
      "Credentials whose previous generation is still valid too, while their readers change over. `npm run rotate` " +
      "sets and clears it.",
    example: ["gateway"],
  }),
});
