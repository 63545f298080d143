import assert from "node:assert/strict";

import { tooFewReplicas, unprotected } from "../../../policies/production";
import { stack } from "./resources";

describe("policies of production", () => {
  it("prod-replicas: a prod stack has what stands the loss of one; a dev stack need not", async () => {
    const few = { topology: "single-binary", protectData: true };
    assert.deepEqual(tooFewReplicas(await stack("prod", { ...few, minio: { servers: 1, drivesPerServer: 1 } })), [
      "minio: 1 of at least 3 servers",
      "loki: singleBinary has 1 of at least 3 replicas",
    ]);
    assert.deepEqual(tooFewReplicas(await stack("dev", few)), []);
    const three = { minio: { servers: 3, drivesPerServer: 2 }, protectData: true };
    assert.deepEqual(tooFewReplicas(await stack("prod", three)), [], "what init writes for three nodes");
  });

  it("protected-data: what holds the logs of a prod stack", async () => {
    const bare = unprotected(await stack("prod", { protectData: false }));
    for (const what of [
      "Release logharbor-minio-release",
      "Release logharbor-loki-release",
      "Namespace logharbor-minio-namespace",
      "Namespace logharbor-loki-namespace",
      "S3Bucket logharbor-store-chunks",
      "S3Bucket logharbor-store-ruler",
    ]) {
      assert.ok(
        bare.some((violation) => violation.startsWith(`${what} is not protected`)),
        what,
      );
    }
    assert.equal(bare.length, 6);
    assert.deepEqual(unprotected(await stack("prod", { protectData: false, allow: ["data-unprotected"] })), []);
  });
});
