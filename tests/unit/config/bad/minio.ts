import { bytes, mistyped, notGroup, isNull, unknown, unquoted, whole, wrong, type BadConfig } from "./rows";

const endpoint = "must be host:port without a scheme";
const bucket = "must be a bucket name (3 to 63 lower-case letters, digits, hyphens)";
const sets = (drives: number) =>
  `and minio.drivesPerServer give ${drives} drives, which MinIO cannot divide into equal erasure sets of 4 to 16`;
const fewer = "write 2 to 4, or leave it out";

export const minio: BadConfig[] = [
  ...notGroup("minio", 4, ""),
  isNull("minio", "its defaults"),
  mistyped("minio.server", 4, "minio.servers"),
  mistyped("minio.volumesize", "10Gi", "minio.volumeSize"),
  ...unknown("minio.replicas", 4),
  ...unknown("minio.constructor", 1),
  ...unknown("minio.__proto__", { servers: 4 }),
  [
    { "minio.servers": 4 },
    "minio.servers",
    "is not a known setting",
    "nest it: pulumi config set --path logharbor:minio.servers <value>",
  ],

  ...wrong("minio.servers", whole(1, 32), "4", 0, 1.5, "4", 1e21),
  [
    { profile: "prod", minio: { servers: null } },
    "minio.servers",
    "is null, but needs a value",
    "leave it out for its default of 4",
  ],
  ...wrong("minio.parity", whole(0, 8), "4", 9, "EC:4"),
  ...wrong("minio.volumeSize", bytes, "10Gi", "10 Gi", 10),
  unquoted("minio.volumeSize", bytes, 10737418240),
  ...wrong("minio.buckets.chunks", bucket, "loki-bucket", "Loki_Bucket"),
  ...wrong("minio.buckets.ruler", bucket, "loki-ruler-bucket", "a"),
  ...wrong("minio.staleUploadHours", whole(1, 720), "24", 0),
  ...wrong("minio.endpoint", endpoint, "minio.example.com:9000", "http://minio.example.com:9000", "minio.example.com"),
  ...wrong("minio.tunnelPort", whole(1024, 65535), "39000", 80),

  // Servers, drives and parity that do not fit together.
  [
    { minio: { drivesPerServer: 4 } },
    "minio.drivesPerServer",
    "is 4, but a single server has only one drive",
    "write 1, or use at least 2 servers with 4 drives in total",
  ],
  [{ minio: { servers: 2 } }, "minio.servers", sets(2), "write for example 4 servers with 2 drives each"],
  [{ minio: { servers: 17 } }, "minio.servers", sets(17), "write for example 4 servers with 2 drives each"],
  [
    { profile: "prod", minio: { servers: 1, drivesPerServer: 1 } },
    "minio.servers",
    "is 1 for a replicated Loki in prod: a single disk would hold every log",
    "write at least 4, or set topology to single-binary",
  ],
  [
    { minio: { parity: 2 } },
    "minio.parity",
    "is 2, but a single drive has no parity",
    "leave it out, or set minio.servers to at least 4",
  ],
  [
    { profile: "prod", minio: { parity: 5 } },
    "minio.parity",
    "is 5, more than half of an erasure set of 8",
    "write at most 4",
  ],
  [{ profile: "prod", minio: { parity: 1 } }, "minio.parity", "is 1: losing two drives would lose logs", fewer],
  [{ profile: "prod", minio: { parity: 0 } }, "minio.parity", "is 0: losing one drive would lose logs", fewer],
  [
    { minio: { buckets: { ruler: "loki-bucket" } } },
    "minio.buckets.ruler",
    "is also the bucket of the chunks",
    "name a separate bucket, such as loki-ruler-bucket",
  ],
];
