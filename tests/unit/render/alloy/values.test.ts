import assert from "node:assert/strict";

import { alloyValues } from "../../../../render/alloy/values";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";

describe("values of Alloy's chart", () => {
  it("give only what reads files root, a host path and a looser container", () => {
    const ofSource = (source: string) =>
      JSON.stringify(alloyValues(planOf(settingsFor("dev", { alloy: { source } })).alloy));
    assert.ok(!/hostPath|"runAsUser":0/.test(ofSource("kubernetes-api")));
    assert.ok(/"hostPath"/.test(ofSource("files")) && /"runAsUser":0/.test(ofSource("files")));
  });
});
