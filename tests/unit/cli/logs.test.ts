import assert from "node:assert/strict";

import { format } from "../../../cli/logs";

describe("entries", () => {
  const entry = {
    timestampNs: "1763800000123456789",
    labels: { namespace: "default", container: "shop" },
    metadata: { pod: "shop-1" },
    line: "hello",
  };

  it("are a line of text", () => {
    assert.equal(format(entry, "text"), "2025-11-22T08:26:40.123Z default/shop-1/shop hello");
    assert.equal(format({ ...entry, metadata: {}, labels: { app: "x" } }, "text"), "2025-11-22T08:26:40.123Z - hello");
  });

  it("are an object that keeps the nanoseconds", () => {
    assert.deepEqual(JSON.parse(format(entry, "json")), { time: "2025-11-22T08:26:40.123Z", ...entry });
  });
});
