import { label, mistyped, notGroup, unknown, unquoted, wrong, type BadConfig } from "./rows";

const zeros = "0".repeat(64);
const registry = "must be a registry host without a scheme; port and path are optional";
const someRegistry = "registry.example.com/mirror";
const repository = "must be an image repository without registry and tag";
const oneSecret = "must name at most one Secret; it can hold the credentials of every registry";

export const images: BadConfig[] = [
  mistyped("images.lokii", {}, "images.loki"),
  mistyped("images.memcache", {}, "images.memcached"),
  ...unknown("images.loki.sha", `sha256:${zeros}`),
  ...notGroup("images.loki", "grafana/loki:3.7.6"),
  ...notGroup("images.memcached", "memcached:1.6"),
  ...wrong("images.mirror", registry, someRegistry, "https://mirror.example.com", "mirror.example.com/"),
  ...wrong("images.loki.repository", repository, "grafana/loki", "grafana/loki:3.7.6"),
  unquoted("images.loki.tag", "must be an image tag", 3.7),
  ...wrong("images.loki.tag", "must be an image tag", "3.7.6", "3.7.6@sha256:0"),
  ...wrong("images.loki.digest", "must be sha256: and 64 hexadecimal digits", `sha256:${zeros}`, zeros),
  ...wrong("images.pullSecrets", oneSecret, '["registry-credentials"]', ["a", "b"]),
  ...wrong("images.pullSecrets[0]", label, "registry-credentials", { name: "a" }),
  ...["latest", "main", "3", "v3.7", "1.31-alpine"].map((tag): BadConfig => [
    { images: { gateway: { tag } } },
    "images.gateway.tag",
    `is "${tag}", which names another image from time to time`,
    "write an exact version, or set the digest",
  ]),
  [
    { images: { minio: { repository: "minio/minio" } } },
    "images.minio.repository",
    "is minio/minio, which docker.io no longer serves",
    "write pgsty/silo, or name a registry that has it",
  ],
];
