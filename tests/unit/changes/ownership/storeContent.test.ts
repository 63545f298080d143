import assert from "node:assert/strict";

import { storeCollisions, storeObjects } from "../../../../changes/ownership/storeContent";
import { settingsFor } from "../../../support/stack";

describe("what is in MinIO already", () => {
  const known = new Set(["Bucket loki-bucket", "User loki", "Policy loki"]);

  it("is the stack's where its state holds it", () => {
    assert.deepEqual(
      storeCollisions(
        storeObjects(settingsFor("dev")).filter(({ name }) => name !== "loki-ruler-bucket"),
        known,
      ),
      [],
    );
    assert.deepEqual(storeCollisions([], new Set()), []);
  });

  it("may hold a user of the stack for each valid generation", () => {
    const rotation = { lokiStore: 3, unfinished: ["lokiStore"] };
    assert.deepEqual(
      storeObjects(settingsFor("dev", { rotation })).flatMap(({ kind, name }) => (kind === "User" ? [name] : [])),
      ["loki-3", "loki-2"],
    );
  });

  it("is told with the ways on where it does not", () => {
    const [found] = storeCollisions(
      storeObjects(settingsFor("dev", { minio: { buckets: { chunks: "theirs" } } })),
      new Set(),
    );
    assert.equal(
      found!.problem,
      "MinIO holds bucket theirs, bucket loki-ruler-bucket, user loki, policy loki, which are not in this " +
        "stack's state but have names that it needs",
    );
    assert.deepEqual(
      [found!.remedy].flat().map((remedy) => remedy.split(":")[0]),
      ["name other buckets", "remove it, if nothing uses it", "remove it, if nothing uses it"],
    );
  });
});
