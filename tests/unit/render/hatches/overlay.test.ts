import assert from "node:assert/strict";

import { ConfigError } from "../../../../config/configError";
import { formatPath, schemaAt } from "../../../../config/paths";
import { chartDeciders } from "../../../../render/hatches/chartDeciders";
import { grafanaIniHatch, lokiConfigHatch, valueHatches } from "../../../../render/hatches/hatches";
import { decidedKeys, entriesOf, keyPath, overlay, type Hatch } from "../../../../render/hatches/overlay";
import { lokiConfig } from "../../../../render/loki/config";
import { planOf } from "../../../../render/plan";
import type { Values } from "../../../../render/pod";
import { releasesOf } from "../../../../render/releases";
import { scenarios } from "../../../golden/scenarios";
import { settingsFor } from "../../../support/stack";

const free = { key: "x", deciders: [] };

/** Asserts that a hatch that holds all of the program's own values is told off for each, and once. */
function refusesAll(values: Values, hatch: Hatch): void {
  const problems = decidedKeys(values, values, hatch).map(({ key }) => key);
  const paths = entriesOf(values).map(({ path }) => keyPath(hatch.key, path));
  assert.deepEqual(problems, paths);
}

describe("an escape hatch", () => {
  it("adds keys beside the program's own, in groups that both have, and replaces nothing", () => {
    const own = { a: { b: 1, list: [1] }, c: 2 };
    assert.deepEqual(overlay(own, { a: { d: [2], e: { f: null } }, g: 3 }, free), {
      a: { b: 1, list: [1], d: [2], e: { f: null } },
      c: 2,
      g: 3,
    });
    assert.deepEqual(own, { a: { b: 1, list: [1] }, c: 2 });
    for (const given of [
      { c: 3 },
      { c: { d: 1 } },
      { a: 1 },
      { a: null },
      { a: { list: [2] } },
      { a: { b: { c: 1 } } },
    ])
      assert.throws(() => overlay(own, given, free), ConfigError, JSON.stringify(given));
    assert.deepEqual(overlay(own, { a: {} }, free), own, "an empty group changes nothing");
  });

  for (const { name, profile, overrides } of scenarios)
    it(`${name}: refuses each key that the program sets`, () => {
      const settings = settingsFor(profile, { ...overrides, values: {} });
      for (const { name: part, values } of releasesOf(settings)) refusesAll(values, valueHatches[part]);
      refusesAll(lokiConfig(planOf(settings).loki), lokiConfigHatch);
    });

  it("names settings that exist", () => {
    const deciders = [...Object.values(chartDeciders), lokiConfigHatch.deciders, grafanaIniHatch.deciders].flat();
    const settings = deciders.flatMap(([, decider]) => (typeof decider === "string" ? [decider] : []));
    assert.ok(settings.length > 100);
    const missing = settings.filter((setting) => schemaAt(setting.split(".")) === undefined);
    assert.deepEqual(
      [...new Set(missing)].map((setting) => formatPath([setting])),
      [],
    );
  });
});
