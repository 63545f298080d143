/**
 * The S3 policy of Loki's user: exactly the rights that Loki's storage client uses, on Loki's buckets only. JSON in
 * MinIO's format.
 */
export function storePolicy(buckets: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}`) },
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      },
    ],
  });
}

/** Names of Loki's user in MinIO and of the policy with its rights. */
export const storeNames = { user: "loki", policy: "loki" } as const;
