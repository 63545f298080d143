import assert from "node:assert/strict";

import { faultIn, matches, passes, selectionsIn, yieldsNumbers } from "../../../domain/logql";

describe("LogQL", () => {
  const valid = [
    'sum by (namespace) (rate({namespace=~".+"} |~ "error" [1m])) > 10',
    'sum(count_over_time({a="b"} | json | status >= 500 | line_format "{{.msg}}" [5m])) or vector(0)',
    "{app=`shop`} |= `x`",
  ];

  it("is read by Grafana's grammar", () => {
    assert.deepEqual(valid.map(faultIn), [undefined, undefined, undefined]);
    assert.deepEqual(valid.map(yieldsNumbers), [true, true, false]);
  });

  it("has its first fault found, with its place", () => {
    assert.deepEqual(faultIn('{a="b"'), { at: 6 });
    assert.deepEqual(faultIn('rate({a="b"} [5m'), { at: 16 });
    assert.deepEqual(faultIn("hello"), { at: 0, found: '"hello"' });
    assert.deepEqual(faultIn(""), { at: 0 });
  });

  it("shows each selector with its filters", () => {
    const [first, second] = selectionsIn(
      'rate({a="x\\"y", b!~`c|d`} |= "in" !~ `out` | logfmt | level="error" | took > 5s [1m]) / rate({e="f"}[1m])',
    );
    assert.deepEqual(first?.matchers, [
      { label: "a", operator: "=", value: 'x"y' },
      { label: "b", operator: "!~", value: "c|d" },
    ]);
    assert.deepEqual(first?.lineFilters, [
      { operator: "|=", value: "in" },
      { operator: "!~", value: "out" },
    ]);
    assert.deepEqual(first?.labelFilters, [{ label: "level", operator: "=", value: "error" }, undefined]);
    assert.deepEqual(second, {
      matchers: [{ label: "e", operator: "=", value: "f" }],
      end: 99,
      lineFilters: [],
      labelFilters: [],
    });
  });

  it("matches as Loki does: anchored in selectors, anywhere in lines, with Go's flags", () => {
    assert.equal(passes({ operator: "=~", value: "team" }, "team-a"), false);
    assert.equal(passes({ operator: "=~", value: "team-.*" }, "team-a"), true);
    assert.equal(passes({ operator: "!~", value: "team-.*" }, "team-a"), false);
    assert.equal(passes({ operator: "!=", value: "a" }, "b"), true);
    assert.equal(matches("(?i)error", "an ERROR"), true);
    assert.equal(matches("error", "an ERROR"), false);
    assert.equal(matches("(?P<a>b)", "c"), true, "an expression that JavaScript lacks may match");
  });
});
