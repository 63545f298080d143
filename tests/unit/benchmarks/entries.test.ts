import assert from "node:assert/strict";
import { markdown } from "../../benchmarks/entries/table";
import { base, variants } from "../../benchmarks/entries/variants";
import { settingsFor } from "../../support/stack";

describe("the benchmark of entries", () => {
  it("compares each round with the same round of the base", () => {
    const costs = [
      { name: "nothing", microseconds: [10, 20, 40] },
      { name: "masks", microseconds: [20, 30, 40] },
    ];
    assert.deepEqual(markdown(costs, "nothing").split("\n").slice(2), [
      "| nothing | 20 | 1.00 (1.00 to 1.00) |",
      "| masks | 30 | 1.50 (1.00 to 2.00) |",
    ]);
  });

  it("measures settings that a stack may have, the base first", () => {
    assert.equal(variants[0], base);
    for (const { alloy } of variants) assert.ok(settingsFor("dev", { alloy }));
  });
});
