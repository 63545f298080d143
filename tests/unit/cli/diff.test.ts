import assert from "node:assert/strict";
import { statusOf } from "../../../cli/diff";
import { driftStatus } from "../../../cli/drift";
import type { ObjectReport } from "../../../diff/report";

describe("the exit status of diff", () => {
  const object: ObjectReport = { change: "added", maker: "stack", kind: "Secret", name: "a", fields: [] };
  const danger = { key: "k", problem: "p", remedy: "r", accepted: false };
  const none = { objects: [], dangers: [], policies: [] };

  it("is 0 without a difference, 2 with one, 3 with one that up refuses", () => {
    assert.equal(statusOf(none), 0);
    assert.equal(statusOf({ ...none, objects: [object] }), 2);
    assert.equal(statusOf({ ...none, objects: [object], dangers: [{ ...danger, accepted: true }] }), 2);
    assert.equal(statusOf({ ...none, objects: [object], dangers: [danger] }), 3);
    assert.equal(statusOf({ ...none, policies: [{ policy: "a", violation: "b" }] }), 3);
  });
});

describe("the exit status of drift", () => {
  const object = { change: "changed", maker: "stack", kind: "Secret", name: "a", fields: [], remedies: [] } as const;

  it("is 0 without drift, 1 if not all could be looked at, 2 with drift", () => {
    assert.equal(driftStatus({ objects: [], unseen: [] }), 0);
    assert.equal(driftStatus({ objects: [], unseen: ["MinIO"] }), 1);
    assert.equal(driftStatus({ objects: [{ ...object, fields: [], remedies: [] }], unseen: ["MinIO"] }), 2);
  });
});
