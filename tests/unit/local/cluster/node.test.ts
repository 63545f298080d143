import assert from "node:assert/strict";

import { nodeAt } from "../../../../local/cluster/node";

describe("A node of the local cluster", () => {
  it("has an interface of its own, with a name that Linux takes", () => {
    const [a, b] = [nodeAt("/a").id, nodeAt("/b").id];
    assert.notEqual(a, b);
    assert.ok(a.length <= 15);
  });
});
