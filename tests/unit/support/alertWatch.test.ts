import assert from "node:assert/strict";
import { hurried } from "../../faults/alertWatch";

describe("the alerts of a run of faults", () => {
  const rule = (expr: string, waits?: string) => ({ name: "g", rules: [{ alert: "A", expr, for: waits }] });

  it("wait for a twentieth of their time, and look at rates over a twentieth of it, but count as ever", () => {
    const [group] = hurried([rule('sum(rate(a{b="c"}[5m])) / sum(rate(d[10m])) > increase(e[10m])', "10m")]);
    assert.deepEqual(group?.rules, [
      { alert: "A", expr: 'sum(rate(a{b="c"}[15s])) / sum(rate(d[30s])) > increase(e[10m])', for: "30s" },
    ]);
  });

  it("fire at once if they do not wait", () => {
    assert.deepEqual(hurried([rule("a > 0")])[0]?.rules, [{ alert: "A", expr: "a > 0", for: undefined }]);
  });
});
