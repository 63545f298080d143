import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";
import { parse } from "yaml";

import { partNames, type Part } from "../../../../domain/parts";
import { standInCharts, standIns } from "../../../../local/doubles/charts";
import type { Values } from "../../../../render/pod";
import { releasesOf } from "../../../../render/releases";
import { settingsFor } from "../../../support/stack";

type Schema = Record<string, unknown>;

const schemaOf = (chart: Part) =>
  JSON.parse(readFileSync(join(standInCharts, chart, "values.schema.json"), "utf8")) as Schema;

const ajv = new Ajv({ strict: false, allErrors: true });

/** What a stand-in chart has against values. */
function faults(chart: Part, values: Values): string[] {
  const validate = ajv.getSchema(chart) ?? ajv.addSchema(schemaOf(chart), chart).getSchema(chart)!;
  void validate(JSON.parse(JSON.stringify(values)));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
  );
}

/** Groups of a schema that would let an unknown key pass, and do not say that they mean it: a user's labels do. */
function openGroups(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const open =
    (schema as Schema).type === "object" && (schema as Schema).additionalProperties === undefined ? [path] : [];
  return [...open, ...Object.entries(schema).flatMap(([key, value]) => openGroups(value, `${path}/${key}`))];
}

describe("the stand-in charts", () => {
  for (const settings of [
    settingsFor("dev"),
    settingsFor("prod"),
    settingsFor("prod", { topology: "ha-monolithic" }),
    settingsFor("prod", { tls: { certificates: "given" } }),
    settingsFor("dev", { tls: { certificates: "given" } }),
    settingsFor("dev", { ipFamilies: ["IPv6"], dns: { address: "fd00::a" }, gateway: { authentication: "basic" } }),
    settingsFor("dev", { monitoring: { namespaces: ["monitoring"] } }),
    settingsFor("dev", { storageClass: "fast", alloy: { source: "files" }, images: { pullSecrets: ["x"] } }),
  ]) {
    for (const { name, values, source } of releasesOf(settings).filter(
      ({ name }) => standIns.folder(name) !== undefined,
    )) {
      it(`${name} knows exactly the values of ${settings.profile}, ${settings.topology}, ${settings.alloy.source}`, () => {
        assert.deepEqual(faults(name, values), []);
        assert.deepEqual(faults(name, { ...values, stray: 1 }), [
          ' must NOT have additional properties {"additionalProperty":"stray"}',
        ]);
        for (const key of Object.keys(values))
          assert.ok(faults(name, { ...values, [key]: undefined }).length > 0, `${key} is not required`);
      });

      it(`${name} has the version of the chart that it stands in for`, () => {
        const { version } = parse(readFileSync(join(standInCharts, name, "Chart.yaml"), "utf8")) as { version: string };
        assert.equal(version, source.version);
      });
    }
  }

  it("refuse unknown keys in every group", () => {
    for (const chart of ["minio", "loki", "alloy"] as const) assert.deepEqual(openGroups(schemaOf(chart), chart), []);
  });

  it("stand in for all charts but Grafana's", () => {
    assert.deepEqual(
      partNames.filter((name) => standIns.folder(name) !== undefined),
      ["minio", "loki", "alloy"],
    );
  });
});
