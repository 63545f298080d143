import assert from "node:assert/strict";

import fc from "fast-check";

import { formatBytes, formatDuration, parseDuration } from "../../../domain/duration";

describe("durations", () => {
  it("are read", () => {
    assert.deepEqual(
      ["90s", "15m", "1h30m", "7d", "1w", "1.5h", "250ms"].map(parseDuration),
      [90_000, 900_000, 5_400_000, 604_800_000, 604_800_000, 5_400_000, 250],
    );
  });

  it("are refused with an example", () => {
    for (const text of ["", "5", "5x", "1h 30m", "h", "-1h", "1hh"])
      assert.throws(
        () => parseDuration(text),
        new RangeError(`"${text}" is not a duration; write for example 90s, 15m, 1h30m or 7d`),
      );
    assert.throws(() => parseDuration("0s"), /not longer than zero/);
  });

  it("add up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 99 }), (h, m) =>
        assert.equal(parseDuration(`${h}h${m}m`), (h * 60 + m) * 60_000),
      ),
    );
  });

  it("and bytes are written for people", () => {
    assert.deepEqual([400, 45_000, 89_400, 120_000, 200_000].map(formatDuration), [
      "0 s",
      "45 s",
      "89 s",
      "2 min",
      "3 min 20 s",
    ]);
    assert.deepEqual([0, 12, 1024, 1_500_000, 200 * 2 ** 20, 3 * 2 ** 30].map(formatBytes), [
      "0 B",
      "12 B",
      "1.0 KiB",
      "1.4 MiB",
      "200 MiB",
      "3.0 GiB",
    ]);
  });
});
