import assert from "node:assert/strict";
import { patternTable, volumeTable } from "../../../cli/explore";
import type { Volume } from "../../../logs/volume";

describe("what logs there are, on the command line", () => {
  it("is a table of volumes", () => {
    const volumes: Volume[] = [
      { labels: { namespace: "shop", app: "web" }, bytes: 3_000_000 },
      { labels: { namespace: "shop" }, bytes: 12 },
    ];
    assert.deepEqual(volumeTable(volumes), ["2.9 MiB  namespace=shop app=web", "   12 B  namespace=shop"]);
    assert.deepEqual(volumeTable([]), []);
  });

  it("is a table of patterns", () => {
    const patterns = [
      { pattern: "paid <_>", level: "info", lines: 1200 },
      { pattern: "slept", level: "", lines: 30 },
    ];
    assert.deepEqual(patternTable(patterns), ["1200  info  paid <_>", "  30        slept"]);
    assert.deepEqual(patternTable([]), []);
  });
});
