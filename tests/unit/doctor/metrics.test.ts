import assert from "node:assert/strict";
import { counted, parseMetrics, total } from "../../../doctor/metrics";

describe("metrics", () => {
  it("are read with their labels, without comments and buckets", () => {
    const metrics = parseMetrics(
      [
        "# HELP a_total x",
        'a_total{reason="too \\"old\\"",tenant="t"} 3',
        'a_total{reason="b",tenant="t"} 1e+02',
        'a_seconds_bucket{le="1"} 7',
        "b 0.5",
        "",
      ].join("\n"),
    );
    assert.deepEqual([...metrics.keys()], ["a_total", "b"]);
    assert.equal(total(metrics, "a_total"), 103);
    assert.equal(
      total(metrics, "a_total", ({ reason }) => reason === 'too "old"'),
      3,
    );
    assert.equal(total(metrics, "none"), 0);
  });

  it("grow between two looks, also when the process began anew", () => {
    const look = (value: number) => parseMetrics(`a_total{reason="x"} ${value}`);
    assert.deepEqual(counted([{ first: look(3), later: look(5) }], "a_total", "reason"), [
      { key: "x", total: 5, grown: 2 },
    ]);
    assert.deepEqual(counted([{ first: look(3), later: look(1) }], "a_total", "reason"), [
      { key: "x", total: 1, grown: 1 },
    ]);
    assert.deepEqual(counted([{ first: look(3) }], "a_total", "reason"), [{ key: "x", total: 3 }]);
    assert.deepEqual(counted([{ first: look(0) }], "a_total", "reason"), []);
  });
});
