import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chartKeys, readChartKeys, unknownKeys } from "../../../config/chartKeys";

const files = {
  "Chart.yaml": "name: shop\nversion: 1.2.3\n",
  "values.yaml":
    "write:\n  replicas: 3\n  # -- Where it runs\n  # strategy: {}\n  annotations: {}\nread:\n  extraEnv: []\n",
  "templates/shop.yaml": '{{ with .Values.write.labels }}{{ . }}{{ end }}{{ (index .Values "shop.ini").smtp }}',
};

/** Everything that may be given, and two keys that the chart does not know. */
const given = {
  write: { replicas: 1, strategy: {}, annotations: { any: "x" }, labels: {}, replica: 2 },
  read: { extraEnv: [{ name: "A" }] },
  "shop.ini": { smtp: {} },
  stray: 1,
};

describe("the values that a chart knows", () => {
  const folder = mkdtempSync(join(tmpdir(), "chart-keys-"));
  after(() => rmSync(folder, { recursive: true }));

  before(() => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, "shop", path, ".."), { recursive: true });
      writeFileSync(join(folder, "shop", path), text);
    }
    execFileSync("tar", ["-czf", join(folder, "shop.tgz"), "-C", folder, "shop"]);
  });

  for (const path of ["shop", "shop.tgz"])
    it(`are read from ${path}: default values, comments, templates`, () => {
      const chart = readChartKeys(join(folder, path));
      assert.deepEqual(chart && unknownKeys(chart, given), [["write", "replica"], ["stray"]]);
    });

  it("are those of its schema, which may refuse what a template names", () => {
    const schema = {
      additionalProperties: false,
      properties: { write: { $ref: "#/$defs/target" }, read: { additionalProperties: { type: "string" } } },
      $defs: { target: { properties: { replicas: {} }, additionalProperties: false } },
    };
    const chart = chartKeys(new Map(Object.entries({ ...files, "values.schema.json": JSON.stringify(schema) })));
    assert.deepEqual(unknownKeys(chart, { write: { labels: {}, replicas: 1 }, read: { any: "x" }, "shop.ini": {} }), [
      ["write", "labels"],
      ["shop.ini"],
    ]);
  });

  it("are unknown where the chart can't be read", () => {
    assert.equal(readChartKeys(join(folder, "elsewhere.tgz")), undefined);
  });
});
