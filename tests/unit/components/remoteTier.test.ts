import assert from "node:assert/strict";

import { someTier, stackResources, type Overrides } from "../../support/stack";
import { at, textAt } from "../../support/tree";

const tiered: Overrides = { minio: { tier: someTier }, retention: { coldDays: 365 } };

describe("a stack with a remote tier", () => {
  it("has its Job after buckets and MinIO, and that sets the lifecycle of the chunks alone", async () => {
    const resources = await stackResources("prod", tiered);
    const job = resources.find(({ name }) => name === "logharbor-tier-job")!;
    assert.deepEqual(
      [textAt(job.inputs, "metadata", "name"), textAt(job.inputs, "metadata", "namespace")],
      ["minio-tier", "logharbor-minio"],
    );
    assert.deepEqual(at(job.inputs, "metadata", "annotations"), {
      "logharbor.io/owner": "logharbor/test",
      "logharbor.io/tier": "s3 https://s3.example.com/cold-logs/logharbor",
      "pulumi.com/replaceUnready": "true",
    });
    assert.ok(resources.find(({ name }) => name === "logharbor-tier")!.dependencies.includes("logharbor-store-chunks"));
    assert.deepEqual(
      resources.filter(({ type }) => type === "minio:index/ilmPolicy:IlmPolicy").map(({ name }) => name),
      ["logharbor-store-ruler-lifecycle"],
    );
  });

  it("takes over a lifecycle that is not removed when its resource goes", async () => {
    const lifecycles = (await stackResources("prod")).filter(({ type }) => type === "minio:index/ilmPolicy:IlmPolicy");
    assert.deepEqual(lifecycles.map(({ name, retainOnDelete }) => [name, retainOnDelete]).sort(), [
      ["logharbor-store-chunks-lifecycle", true],
      ["logharbor-store-ruler-lifecycle", true],
    ]);
  });

  it("does not hold up Loki", async () => {
    const loki = (await stackResources("prod", tiered)).find(({ name }) => name === "logharbor-loki")!;
    assert.ok(!loki.dependencies.some((name) => name.startsWith("logharbor-tier")));
  });
});
