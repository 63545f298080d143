import { label, notGroup, notSet, type BadConfig } from "./rows";

/** A remote tier with what it must have. */
export const tier = { kind: "s3", endpoint: "https://s3.example.com", bucket: "cold-logs", secret: "cold-tier" };

/** Values that are wrong for a setting of it. */
const wrong = (key: string, problem: string, example: string, ...values: unknown[]): BadConfig[] =>
  values.map((value) => [
    { minio: { tier: { ...tier, [key]: value } } },
    `minio.tier.${key}`,
    problem,
    `write for example ${example}`,
  ]);

const address = "must be an http(s):// address without a path";
const someAddress = "https://s3.eu-central-1.amazonaws.com";
const bucket = "must be a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)";
const path = "must be a path of letters, digits, dots, _ and -, without a slash at either end";
const region = "must be a region (lower-case letters, digits, hyphens)";
const index = "names a tenant index: it would share a folder with Loki's index, which must not move to the remote tier";
const otherwise = "choose another name, or leave minio.tier out";

export const remoteTier: BadConfig[] = [
  ...notGroup("minio.tier", "s3"),
  ...wrong("kind", notSet, "s3", undefined),
  ...wrong("kind", "must be one of s3, minio", "s3", "glacier"),
  ...wrong("endpoint", notSet, someAddress, undefined),
  ...wrong("endpoint", address, someAddress, "s3.example.com", "https://s3.example.com/cold-logs"),
  ...wrong("endpoint", address, someAddress, "https://key:secret@s3.example.com"),
  ...wrong("bucket", notSet, "our-cold-logs", undefined),
  ...wrong("bucket", bucket, "our-cold-logs", "Cold"),
  ...wrong("prefix", path, "logharbor/prod", "/logs/"),
  ...wrong("region", region, "eu-central-1", "EU"),
  ...wrong("secret", notSet, "cold-tier", undefined),
  ...wrong("secret", label, "cold-tier", "Cold Tier"),
  [
    { minio: { tier: { ...tier, secretKey: "x" } } },
    "minio.tier.secretKey",
    "is not a known setting",
    "did you mean minio.tier.secret?",
  ],

  // What no store is, and what must not be moved to it.
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
    { minio: { tier: { ...tier, kind: "minio", region: "eu-central-1" } } },
    "minio.tier.region",
    "is set, but a tier of kind minio has no region",
    "leave it out",
  ],
  [{ minio: { tier }, tenant: "index" }, "tenant", index, otherwise],
  [{ minio: { tier }, gateway: { authentication: "basic", tenants: ["index"] } }, "gateway.tenants", index, otherwise],
];
