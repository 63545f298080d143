import assert from "node:assert/strict";

import { alloyRights } from "../../../../render/alloy/rights";
import { alloyValues } from "../../../../render/alloy/values";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";

describe("Alloy's rights", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: are to read pods and namespaces, and no Secret or ConfigMap`, () => {
      const { alloy } = planOf(settingsFor(profile));
      assert.deepEqual(alloyValues(alloy).rbac, { create: false });
      const rules = alloyRights(alloy);
      const resources = rules.flatMap((rule) => rule.resources);
      assert.deepEqual(resources, ["pods", "namespaces"]);
      for (const rule of rules) assert.deepEqual(rule.verbs, ["get", "list", "watch"]);
    });
  }
});
