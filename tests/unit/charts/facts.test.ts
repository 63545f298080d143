import assert from "node:assert/strict";

import { factsOf, type Manifest } from "../../../charts/facts";

const service = (port: number): Manifest => ({
  kind: "Service",
  metadata: { name: "loki", labels: { app: "loki", "helm.sh/chart": `loki-${port}` } },
  spec: { selector: { app: "loki" }, ports: [{ name: "http", port }] },
});

describe("facts of a rendering", () => {
  it("tell ports, selectors and labels, but not the chart's own labels", () => {
    assert.deepEqual(Object.fromEntries(factsOf([service(3100)])), {
      "Service loki": "there",
      "Service loki: labels": '{"app":"loki"}',
      "Service loki: type": "ClusterIP",
      "Service loki: selector": '{"app":"loki"}',
      "Service loki: port 3100": "http -> 3100",
    });
  });

  it("tell a Secret's configuration by what it says", () => {
    const secret = (text: string): Manifest => ({
      kind: "Secret",
      metadata: { name: "loki" },
      data: { "config.yaml": Buffer.from(text).toString("base64") },
    });
    assert.deepEqual(factsOf([secret("a: 1\nb: {c: 2}\n")]), factsOf([secret("b:\n  c: 2\na: 1")]));
    assert.notDeepEqual(factsOf([secret("a: 1")]), factsOf([secret("a: 2")]));
  });
});
