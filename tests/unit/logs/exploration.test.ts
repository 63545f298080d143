import assert from "node:assert/strict";
import { labelNames, labelValues } from "../../../logs/labels";
import { patternsOf } from "../../../logs/patterns";
import type { LokiAccess } from "../../../logs/query";
import { volumeOf } from "../../../logs/volume";
import { LokiDouble } from "../../support/lokiDouble";

const selected = { selector: '{namespace="shop"}', start: 1_000_000_000n, end: 61_000_000_000n };

describe("what logs there are", () => {
  let loki: LokiDouble;
  let access: LokiAccess;

  beforeEach(async () => {
    loki = new LokiDouble();
    access = await loki.open();
  });
  afterEach(() => loki.close());

  const asked = (index: number) => Object.fromEntries(loki.requests[index]!.searchParams);

  it("labels and their values come from the index", async () => {
    loki.others.labels = ["app", "namespace"];
    loki.others["label/app/values"] = ["web", "db"];
    assert.deepEqual(await labelNames(access, selected), ["app", "namespace"]);
    assert.deepEqual(await labelValues(access, "app", selected), ["db", "web"]);
    for (const index of [0, 1])
      assert.deepEqual(asked(index), { query: '{namespace="shop"}', start: "1000000000", end: "61000000000" });
  });

  it("values of structured metadata are counted from the lines", async () => {
    loki.others["label/pod/values"] = undefined;
    loki.others.query = { result: [{ metric: { pod: "web-1" } }, { metric: { pod: "web-0" } }, { metric: {} }] };
    assert.deepEqual(await labelValues(access, "pod", selected), ["web-0", "web-1"]);
    assert.deepEqual(asked(1), {
      query: 'sum by (pod) (count_over_time({namespace="shop"} [60s]))',
      time: "61000000000",
    });
  });

  it("a name that is neither has no values", async () => {
    loki.others["label/colour/values"] = undefined;
    assert.deepEqual(await labelValues(access, "colour", selected), []);
  });

  it("volumes come largest first", async () => {
    loki.others["index/volume"] = {
      result: [
        { metric: { app: "db" }, value: [61, "10"] },
        { metric: { app: "web" }, value: [61, "2000"] },
      ],
    };
    assert.deepEqual(await volumeOf(access, selected, { by: ["app"], limit: 5 }), [
      { labels: { app: "web" }, bytes: 2000 },
      { labels: { app: "db" }, bytes: 10 },
    ]);
    assert.deepEqual([asked(0).targetLabels, asked(0).aggregateBy, asked(0).limit], ["app", "series", "5"]);
  });

  it("patterns come with the number of their lines, the most frequent first", async () => {
    loki.others.patterns = [
      { pattern: "slept <_> ms", samples: [[1, 30]] },
      {
        pattern: "paid <_>",
        level: "info",
        samples: [
          [1, 20],
          [2, 25],
        ],
      },
    ];
    assert.deepEqual(await patternsOf(access, selected), [
      { pattern: "paid <_>", level: "info", lines: 45 },
      { pattern: "slept <_> ms", level: "", lines: 30 },
    ]);
  });

  it("a Loki that looks for no patterns is told from one that found none", async () => {
    await assert.rejects(
      patternsOf(access, selected),
      /looks for no patterns[^]*-> set logharbor:loki.patterns to true/,
    );
    loki.others.patterns = [];
    assert.deepEqual(await patternsOf(access, selected), []);
  });
});
