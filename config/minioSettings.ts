import { z } from "zod";

import { resources, tier } from "./groups";
import { bucketName, bytes, text, whole } from "./kinds";
import { podSettings } from "./podSettings";

/** MinIO, which stores the chunks and the index. */
export const minio = z.strictObject({
  ...podSettings("MinIO's pods"),
  servers: whole({
    min: 1,
    max: 32,
    dev: 1,
    prod: 4,
    about: "Number of MinIO servers. More than one make a distributed MinIO with erasure coding.",
  }),
  drivesPerServer: whole({ min: 1, max: 16, dev: 1, prod: 2, about: "Number of volumes per server." }),
  parity: whole({
    min: 0,
    max: 8,
    about: "Drives that each erasure set may lose (EC:n); unset: MinIO's default for the size of the set.",
    example: 4,
  }).optional(),
  volumeSize: bytes({ dev: "10Gi", prod: "100Gi", about: "Size of each volume.", example: "10Gi" }),
  resources: resources({
    dev: { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" },
    prod: { cpuRequest: "500m", memoryRequest: "1Gi", memoryLimit: "2Gi" },
  }),
  buckets: z.strictObject({
    chunks: bucketName({ both: "loki-bucket", about: "Bucket for Loki's chunks and index." }),
    ruler: bucketName({ both: "loki-ruler-bucket", about: "Bucket for Loki's rules." }),
  }),
  staleUploadHours: whole({
    min: 1,
    max: 720,
    both: 24,
    about: "Hours after which MinIO removes the parts of an unfinished upload.",
  }),
  endpoint: text(
    /^[A-Za-z0-9][A-Za-z0-9.-]*:[1-9]\d{0,4}$/,
    "host:port without a scheme",
  )({
    about:
      "Address at which the machine that runs Pulumi reaches MinIO's API; unset: a tunnel through the Kubernetes API.",
    example: "minio.example.com:9000",
  }).optional(),
  tier: tier.optional(),
  tunnelPort: whole({
    min: 1024,
    max: 65535,
    both: 39000,
    about:
      "Local port of that tunnel; if it is in use, another one. It stays the same because the provider's state contains it.",
  }),
});
