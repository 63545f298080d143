import { z } from "zod";

import { choice, dnsLabel, flag, list, s3Bucket, s3Region, storeAddress, whole } from "./kinds";

/** Where Loki stores: in the stack's own MinIO, or in an S3-compatible store that is there already. */
export const objectStore = z.strictObject({
  kind: choice(["minio", "s3"], {
    both: "minio",
    about: "Where Loki stores: in the stack's own MinIO, or in an S3-compatible store that is there already.",
  }),
  moving: flag({
    both: false,
    about:
      "Have both stores while you move from one to the other. Loki uses that of objectStore.kind; MinIO may reach the " +
      "other one, for a copy: docs/object-store.md.",
  }),
  endpoint: storeAddress({
    about: "Address at which Loki's pods reach the S3 store; unset: AWS S3 in objectStore.region.",
    example: "https://s3.example.com",
  }).optional(),
  region: s3Region({
    about: "Region of the buckets; unset: us-east-1, which stores outside of AWS expect by default.",
    example: "eu-central-1",
  }).optional(),
  buckets: z.strictObject({
    chunks: s3Bucket({
      about: "Bucket for Loki's chunks and index. It exists, and nobody else uses it.",
      example: "our-logs",
    }).optional(),
    ruler: s3Bucket({
      about: "Bucket for Loki's rules; only with alerts.storage bucket.",
      example: "our-log-rules",
    }).optional(),
  }),
  pathStyle: flag({
    about:
      "Whether the bucket is named in the path of an address, not in its host; unset: true with an endpoint, false with AWS.",
    example: true,
  }).optional(),
  credentials: choice(["secret", "identity"], {
    both: "secret",
    about:
      "How Loki logs in: with the keys in objectStore.secret, or, with AWS, with the identity that the cloud gives its " +
      "ServiceAccount (loki.serviceAccountAnnotations).",
  }),
  secret: dnsLabel({
    about:
      "Secret in Loki's namespace with the keys S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY. You create it; Loki reads it " +
      "as it starts.",
    example: "log-store",
  }).optional(),
  ca: dnsLabel({
    about:
      "Secret in Loki's namespace with the key ca.crt, which signed the store's certificate; unset: public authorities.",
    example: "log-store-ca",
  }).optional(),
  ports: list(whole({ min: 1, max: 65535, about: "A port.", example: 8080 }), "ports", {
    both: [],
    about:
      "Further ports that the network policies let Loki reach at any address, besides that of the endpoint. A Service in " +
      "the cluster is reached at the port of its pods.",
    example: [8080],
  }),
});
