import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { currentRecords, manifestIn, type HelmRecord } from "../../../cluster/helmRelease";
import { helmRecord as record } from "../../support/helmRecord";

describe("Helm's records", () => {
  it("say from which revision an upgrade starts: the newest deployed, else the newest", () => {
    const current = (...records: HelmRecord[]) => currentRecords(records).map(({ revision }) => revision);
    assert.deepEqual(current(record(1, "superseded"), record(2, "deployed"), record(3, "failed")), [2]);
    assert.deepEqual(current(record(10, "superseded"), record(9, "superseded"), record(11, "deployed")), [11]);
    assert.deepEqual(current(record(1, "failed"), record(2, "pending-install")), [2]);
    assert.equal(currentRecords([record(1, "deployed"), record(1, "deployed", "minio")]).length, 2);
  });

  it("hold the manifest and the hooks, of which those of tests are no part of the stack", () => {
    const content = {
      manifest: "kind: A",
      hooks: [
        { manifest: "kind: B", events: ["pre-upgrade"] },
        { manifest: "kind: C", events: ["test"] },
      ],
    };
    const text = gzipSync(JSON.stringify(content)).toString("base64");
    assert.equal(manifestIn(text), "kind: A\n---\nkind: B");
  });
});
