import assert from "node:assert/strict";
import type { Facts } from "../../../../doctor/facts";
import { judge } from "../../../../doctor/judge";
import { figuresLine, figuresOf } from "../../../../doctor/judges/canary";
import { healthyFacts, readyPod, watched } from "../../../support/healthyFacts";

/** What a canary says at `/metrics`. */
function said(figures: Partial<Record<"written" | "back" | "late" | "missing" | "gone", number>>): string {
  const { written = 100, back = 99, late = 0, missing = 0, gone = 0 } = figures;
  return `loki_canary_entries_total ${written}
loki_canary_response_latency_seconds_bucket{le="0.5"} ${back}
loki_canary_response_latency_seconds_sum ${back * 1.5}
loki_canary_response_latency_seconds_count ${back}
loki_canary_websocket_missing_entries_total ${late}
loki_canary_missing_entries_total ${missing}
loki_canary_duplicate_entries_total 0
loki_canary_spot_check_missing_entries_total ${gone}`;
}

type Said = Parameters<typeof said>[0];

const factsWith = (first: Said, later: Said = first): Facts => ({
  ...healthyFacts({ canary: { enabled: true } }),
  canaries: [{ pod: "logharbor-canary-x", node: "node-a", metrics: watched(said(first), said(later)) }],
});

describe("doctor, of the canary", () => {
  const cases: [title: string, first: Said, later: Said, found: string[]][] = [
    ["all lines back, the newest on its way", { written: 100 }, { written: 101 }, []],
    ["lines that were late once", { back: 97, late: 3 }, { back: 97, late: 3 }, []],
    ["lines that get late", { back: 94, late: 3 }, { back: 94, late: 6 }, ["warning: lines of node node-a come late"]],
    [
      "lines that have not come back",
      { back: 90 },
      { back: 90 },
      ["warning: the last 100 s of lines of node node-a have not come back"],
    ],
    [
      "lines that get lost",
      { back: 90, late: 10, missing: 1 },
      { back: 90, late: 10, missing: 2 },
      ["error: lines of node node-a are lost on their way"],
    ],
    [
      "lines that were lost",
      { back: 90, late: 10, missing: 2 },
      { back: 90, late: 10, missing: 2 },
      ["note: lines of node node-a were lost on their way since the canary started"],
    ],
    ["an older line that is gone", {}, { gone: 1 }, ["error: Loki did not find older lines of node node-a"]],
  ];
  for (const [title, first, later, expected] of cases)
    it(`tells of ${title}`, () => {
      const found = judge(factsWith(first, later));
      assert.deepEqual(
        found.map(({ problem, severity }) => `${severity}: ${problem}`),
        expected,
      );
      for (const { runbook } of found) assert.match(runbook, /canary\.md#logharborcanary/);
    });

  it("shows the figures of each node", () => {
    assert.deepEqual(figuresOf(factsWith({ back: 96, late: 3, missing: 1 })).map(figuresLine), [
      "canary on node-a: 100 lines written, 96 read back in 1.5 s on average, 3 late, 1 missing, 0 twice, 0 gone",
    ]);
    assert.deepEqual(figuresOf(healthyFacts()), []);
  });

  it("does not take a canary for an Alloy", () => {
    const facts = healthyFacts({ canary: { enabled: true } });
    const { alloy } = facts.homes;
    const pod = readyPod("logharbor-alloy", "logharbor-canary-x");
    pod.metadata!.labels = { "app.kubernetes.io/name": "logharbor-canary" };
    const bare = { ...facts, homes: { ...facts.homes, alloy: { ...alloy!, pods: [pod] } } };
    assert.ok(judge(bare).some(({ check }) => check === "collector-missing"));
  });

  it("follows from what keeps lines from arriving", () => {
    const facts = factsWith({ back: 50 });
    const [alloy] = facts.alloys;
    const broken = { ...alloy!, components: [{ id: "loki.write.loki", health: "unhealthy", message: "" }] };
    const [cause, effect] = judge({ ...facts, alloys: [broken] });
    assert.equal(cause?.check, "components");
    assert.deepEqual(effect?.followsFrom, { check: "components", part: "alloy" });
  });
});
