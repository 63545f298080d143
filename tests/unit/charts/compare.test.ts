import assert from "node:assert/strict";

import { differences, excerpt } from "../../../charts/compare";
import { factsOf, type Manifest } from "../../../charts/facts";

const service = (port: number): Manifest => ({
  kind: "Service",
  metadata: { name: "loki", labels: { app: "loki", "helm.sh/chart": `loki-${port}` } },
  spec: { selector: { app: "loki" }, ports: [{ name: "http", port }] },
});

describe("differences of two renderings", () => {
  it("have a name each, and one for a whole object that is missing", () => {
    assert.deepEqual(differences(factsOf([service(3100)]), factsOf([])), [
      { fact: "Service loki", expected: "there", found: undefined },
    ]);
    assert.deepEqual(
      differences(factsOf([service(3100)]), factsOf([service(80)])).map(({ fact }) => fact),
      ["Service loki: port 3100", "Service loki: port 80"],
    );
  });

  it("show where long texts part", () => {
    assert.equal(excerpt(undefined, "x", 20), "-");
    assert.match(excerpt(`${"a".repeat(100)}DIFFERENT${"b".repeat(50)}`, "a".repeat(200), 30), /^…a+DIFFERENT/);
  });
});
