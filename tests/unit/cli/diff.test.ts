import assert from "node:assert/strict";
import { statusOf } from "../../../cli/diff";
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
