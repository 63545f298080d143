import type { Overrides } from "../../../support/stack";
import { label, mistyped, notGroup, whole, wrong, yesOrNo, type BadConfig } from "./rows";
import { tier } from "./tier";

/** A store with what it must have. */
const store = { kind: "s3", endpoint: "https://s3.example.com", buckets: { chunks: "our-logs" }, secret: "log-store" };

/** One fault of a stack that uses the store; `others` are settings of other groups. */
const bad = ({ others, ...more }: Overrides, key: string, problem: string, remedy: string): BadConfig => [
  { objectStore: { ...store, ...more }, ...(others as Overrides | undefined) },
  key.includes(".") || key === "existingNamespaces" ? key : `objectStore.${key}`,
  problem,
  remedy,
];

const unused = "is set, but Loki stores in the stack's own MinIO (objectStore.kind is minio)";
const use = "leave it out; or set objectStore.kind to s3, or objectStore.moving to true to prepare that";
const none = "but the stack has no MinIO (objectStore.kind is s3)";

export const objectStore: BadConfig[] = [
  ...notGroup("objectStore", "s3"),
  ...wrong("objectStore.kind", "must be one of minio, s3", "minio", "gcs"),
  ...wrong("objectStore.moving", yesOrNo, "false", "yes"),
  ...wrong("objectStore.credentials", "must be one of secret, identity", "secret", "irsa"),
  ...wrong("objectStore.ports[0]", whole(1, 65535), "8080", 0),
  mistyped("objectStore.bucket", "our-logs", "objectStore.buckets"),
  bad(
    { endpoint: "s3.example.com" },
    "endpoint",
    "must be an http(s):// address without a path",
    "write for example https://s3.example.com",
  ),
  bad(
    { endpoint: "https://key:secret@s3.example.com" },
    "endpoint",
    "must be an http(s):// address without a path",
    "write for example https://s3.example.com",
  ),
  bad(
    { buckets: { chunks: "Our Logs" } },
    "objectStore.buckets.chunks",
    "must be a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)",
    "write for example our-logs",
  ),
  bad({ secret: "Log Store" }, "secret", label, "write for example log-store"),
  bad(
    { region: "EU" },
    "region",
    "must be a region (lower-case letters, digits, hyphens)",
    "write for example eu-central-1",
  ),

  // A store that nothing uses.
  [{ objectStore: { endpoint: "https://s3.example.com" } }, "objectStore.endpoint", unused, use],
  [{ objectStore: { buckets: { chunks: "our-logs" } } }, "objectStore.buckets.chunks", unused, use],
  [{ objectStore: { credentials: "identity" } }, "objectStore.credentials", unused, use],

  // A store that lacks something.
  bad(
    { endpoint: undefined },
    "region",
    "is not set, and neither is objectStore.endpoint: that is AWS S3, where each bucket has a region",
    "write the buckets' region, or the address of another store in objectStore.endpoint",
  ),
  bad(
    { buckets: {} },
    "objectStore.buckets.chunks",
    "is not set, but Loki needs a bucket of its own in the S3 store",
    "make an empty bucket there, and write its name",
  ),
  bad(
    { kind: "minio", moving: true, buckets: {} },
    "objectStore.buckets.chunks",
    "is not set, but Loki needs a bucket of its own in the S3 store",
    "make an empty bucket there, and write its name",
  ),
  bad(
    { others: { alerts: { storage: "bucket", rules: [] } } },
    "objectStore.buckets.ruler",
    "is not set, but alerts.storage is bucket",
    "make an empty bucket in the S3 store, and write its name",
  ),
  bad(
    { secret: undefined },
    "secret",
    "is not set, but objectStore.credentials is secret",
    "name a Secret in Loki's namespace, which you create; or set objectStore.credentials to identity",
  ),

  // What contradicts itself.
  bad(
    { endpoint: "https://s3.example.com:70000" },
    "endpoint",
    "is https://s3.example.com:70000, but that port does not exist",
    "write a port from 1 to 65535",
  ),
  bad(
    { endpoint: "http://minio.logharbor-minio.svc:9000" },
    "endpoint",
    "is http://minio.logharbor-minio.svc:9000, the stack's own MinIO",
    "name another store, or set objectStore.kind to minio",
  ),
  bad(
    { buckets: { chunks: "our-logs", ruler: "our-rules" } },
    "objectStore.buckets.ruler",
    "is set, but alerts.storage is stack: Loki finds its rules in the stack's settings",
    "leave it out, or set alerts.storage to bucket",
  ),
  bad(
    { buckets: { chunks: "our-logs", ruler: "our-logs" }, others: { alerts: { storage: "bucket", rules: [] } } },
    "objectStore.buckets.ruler",
    "is also the bucket of the chunks",
    "name a separate bucket",
  ),
  bad(
    { endpoint: "http://s3.example.com", ca: "log-store-ca" },
    "ca",
    "is set, but objectStore.endpoint begins with http://",
    "leave it out, or write https:// in objectStore.endpoint",
  ),
  bad(
    { endpoint: undefined, region: "eu-central-1", ca: "log-store-ca" },
    "ca",
    "is set, but without objectStore.endpoint the store is AWS S3, which public authorities sign",
    "leave it out",
  ),
  bad(
    { credentials: "identity", secret: undefined },
    "credentials",
    "is identity, but s3.example.com is not AWS, and no other store takes an identity of AWS",
    "set it to secret, and name the Secret in objectStore.secret",
  ),
  bad(
    { credentials: "identity", endpoint: "https://s3.eu-central-1.amazonaws.com" },
    "secret",
    "is set, but objectStore.credentials is identity: the keys would win over the identity",
    "leave one of them out",
  ),
  bad(
    { secret: "loki-object-store" },
    "secret",
    "is loki-object-store, a Secret that the stack itself makes",
    "give yours another name",
  ),
  bad(
    { ca: "logharbor-tls" },
    "ca",
    "is logharbor-tls, a Secret that the stack itself makes",
    "give yours another name",
  ),
  bad(
    { endpoint: "http://rgw.rook.svc", pathStyle: false },
    "pathStyle",
    "is false, but rgw.rook.svc has no host for each bucket",
    "leave it out, or set it to true",
  ),
  bad(
    { endpoint: undefined, region: "eu-central-1", buckets: { chunks: "our.logs" } },
    "pathStyle",
    "is unset with AWS, but no certificate covers the host of bucket our.logs, because of its dot",
    "set it to true, or use a bucket without a dot",
  ),

  // What only MinIO would use.
  bad(
    { others: { minio: { tier } } },
    "minio.tier",
    `is set, ${none}`,
    "leave it out: only MinIO moves chunks to a cold tier",
  ),
  bad(
    { others: { minio: { endpoint: "minio.example.com:9000" } } },
    "minio.endpoint",
    `is set, ${none}`,
    "leave it out",
  ),
  bad(
    { others: { retention: { coldDays: 365 } } },
    "retention.coldDays",
    "is set, but the stack has no remote tier for cold chunks",
    "leave it out: only MinIO has one, and objectStore.kind is s3",
  ),
  bad(
    { others: { existingNamespaces: ["minio"] } },
    "existingNamespaces",
    `holds minio, ${none}`,
    "remove it from the list",
  ),
  bad(
    { others: { rotation: { minioRoot: 2 } } },
    "rotation.minioRoot",
    `is 2, ${none}, whose credentials it counts`,
    "leave it out",
  ),
];
