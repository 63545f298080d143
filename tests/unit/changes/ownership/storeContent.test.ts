import assert from "node:assert/strict";

import { objectKey } from "../../../../changes/ownership/collisions";
import {
  lostObjects,
  storeCollisions,
  storeObjects,
  type StoreObject,
} from "../../../../changes/ownership/storeContent";
import { storePolicy } from "../../../../render/minio/storePolicy";
import { settingsFor } from "../../../support/stack";

describe("what is in MinIO already", () => {
  const settings = settingsFor("dev");
  const there = storeObjects(settings);
  const names = (objects: readonly StoreObject[]) => objects.map(({ kind, name }) => objectKey(kind, name));
  const lost = (policy?: string, begun: string[] = []) =>
    names(lostObjects({ there, policy }, settings, new Set(begun)));

  it("may hold a user of the stack for each valid generation", () => {
    const rotation = { lokiStore: 3, unfinished: ["lokiStore"] };
    assert.deepEqual(
      storeObjects(settingsFor("dev", { rotation })).flatMap(({ kind, name }) => (kind === "User" ? [name] : [])),
      ["loki-3", "loki-2"],
    );
  });

  it("is the stack's if the policy of Loki's user names its bucket", () => {
    const all = ["Bucket loki-bucket", "Bucket loki-ruler-bucket", "User loki", "Policy loki"];
    assert.deepEqual(lost(storePolicy(["loki-ruler-bucket", "loki-bucket"])), all);
    assert.deepEqual(
      lost(storePolicy(["loki-bucket"])),
      all.filter((key) => key !== "Bucket loki-ruler-bucket"),
    );
    const asText = {
      Statement: [{ Effect: "Allow", Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::loki-bucket" }],
    };
    assert.ok(lost(JSON.stringify(asText)).includes("Bucket loki-bucket"));
  });

  it("is the stack's if an interrupted run began to make it", () => {
    assert.deepEqual(lost(undefined, ["Bucket loki-bucket", "Bucket another"]), ["Bucket loki-bucket"]);
  });

  it("is that of others without such a policy", () => {
    for (const policy of [undefined, "{}", storePolicy(["loki-bucket-2"]), storePolicy(["*"])])
      assert.deepEqual(lost(policy), []);
  });

  it("is told with the ways on if others have it", () => {
    assert.deepEqual(storeCollisions([]), []);
    const [found] = storeCollisions(storeObjects(settingsFor("dev", { minio: { buckets: { chunks: "theirs" } } })));
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
