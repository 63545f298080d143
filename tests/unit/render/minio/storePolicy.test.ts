import assert from "node:assert/strict";

import { storePolicy } from "../../../../render/minio/storePolicy";

describe("the policy of Loki's user", () => {
  it("has exactly four actions, on its own buckets and nothing else", () => {
    const policy = JSON.parse(storePolicy(["a", "b"])) as {
      Statement: { Effect: string; Action: string[]; Resource: string[] }[];
    };
    assert.deepEqual(policy.Statement, [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b"] },
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
      },
    ]);
  });
});
