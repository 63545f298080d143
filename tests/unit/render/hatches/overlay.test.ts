import assert from "node:assert/strict";

import { ConfigError } from "../../../../config/configError";
import { formatPath, schemaAt } from "../../../../config/paths";
import { chartDeciders } from "../../../../render/hatches/chartDeciders";
import { grafanaIniHatch, lokiConfigHatch, valueHatches } from "../../../../render/hatches/hatches";
import { decidedKeys, overlay } from "../../../../render/hatches/overlay";
import { lokiConfig } from "../../../../render/loki/config";
import { planOf } from "../../../../render/plan";
import type { Values } from "../../../../render/pod";
import { releasesOf } from "../../../../render/releases";
import { scenarios } from "../../../golden/scenarios";
import { settingsFor } from "../../../support/stack";

const free = { key: "x", deciders: [] };

/** Every value of a release, each alone in a hatch. */
function single(values: Values, place: (value: unknown) => Values = (value) => value as Values): Values[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = (below: unknown) => place({ [key]: below });
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup ? single(value as Values, at) : [at(value)];
  });
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
      for (const { name: part, values } of releasesOf(settings))
        for (const given of single(values))
          assert.equal(decidedKeys(values, given, valueHatches[part]).length, 1, JSON.stringify(given));
      const config = lokiConfig(planOf(settings).loki);
      for (const given of single(config))
        assert.equal(decidedKeys(config, given, lokiConfigHatch).length, 1, JSON.stringify(given));
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
