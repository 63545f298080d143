import assert from "node:assert/strict";

import { firingsOf, type Series } from "../../../logs/replay";

/** A group whose condition holds at these times, in seconds. */
const series = (metric: Record<string, string>, ...times: number[]): Series => ({
  metric,
  values: times.map((time) => [time, "1"]),
});
const seconds = (given: Series[], forSeconds: number) =>
  firingsOf(given, { forSeconds, intervalSeconds: 60 }).map(({ labels, from, to }) => [
    labels,
    from.getTime() / 1000,
    to.getTime() / 1000,
  ]);

describe("a rule over stored logs", () => {
  it("fires once its condition has held for as long as it says", () => {
    assert.deepEqual(seconds([series({ a: "b" }, 60, 120, 180, 240)], 120), [[{ a: "b" }, 180, 240]]);
    assert.deepEqual(seconds([series({ a: "b" }, 60, 120, 180)], 180), []);
    assert.deepEqual(seconds([series({ a: "b" }, 60)], 0), [[{ a: "b" }, 60, 60]]);
  });

  it("begins anew after a gap", () => {
    assert.deepEqual(seconds([series({}, 60, 120, 240, 300, 360)], 60), [
      [{}, 120, 120],
      [{}, 300, 360],
    ]);
  });

  it("fires for each group, in the order of time", () => {
    assert.deepEqual(
      seconds([series({ app: "late" }, 600, 660), series({ app: "early" }, 60, 120), series({})], 0).map(
        ([labels]) => labels,
      ),
      [{ app: "early" }, { app: "late" }],
    );
  });
});
