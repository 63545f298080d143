import assert from "node:assert/strict";

import { replayed, table } from "../../../cli/alerts";

describe("the command for alerts", () => {
  it("shows rules as a table", () => {
    assert.deepEqual(
      table([
        {
          group: "A",
          name: "A",
          state: "firing",
          health: "ok",
          lastEvaluation: new Date("2026-01-01T00:00:00.5Z"),
          active: 2,
        },
        { group: "B", name: "Broken", health: "err", lastError: "too many series", active: 0 },
      ]),
      [
        "rule    state       health  last evaluation       last error",
        "A       firing (2)  ok      2026-01-01T00:00:00Z",
        "Broken  recording   err     not yet               too many series",
      ],
    );
  });

  it("shows what a replay found", () => {
    const firing = { labels: { app: "shop" }, from: new Date(0), to: new Date(60_000) };
    assert.deepEqual(replayed("A", []), ["A would not have fired"]);
    assert.deepEqual(replayed("A", [firing]), [
      "A would have fired once",
      "  1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z  app=shop",
    ]);
    assert.equal(
      replayed(
        "A",
        Array.from({ length: 25 }, () => firing),
      ).at(-1),
      "  and 5 more",
    );
  });
});
