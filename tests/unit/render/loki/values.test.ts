import assert from "node:assert/strict";

import { lokiValues } from "../../../../render/loki/values";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";
import type { Tree } from "../../../support/tree";

const valuesOf = (profile: "dev" | "prod") => lokiValues(planOf(settingsFor(profile)).loki) as Tree;

describe("values of Loki's chart", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: keep Loki's volumes when its release is deleted`, () => {
      const values = valuesOf(profile);
      for (const part of ["singleBinary", "write", "backend"])
        assert.equal(values[part]?.persistence?.enableStatefulSetAutoDeletePVC, false, part);
    });

    it(`${profile}: ask for nothing that we do not run`, () => {
      const values = valuesOf(profile);
      for (const part of [
        "memcachedExporter",
        "lokiCanary",
        "test",
        ...(profile === "dev" ? ["chunksCache", "resultsCache", "memcached", "gateway"] : []),
      ])
        assert.equal(values[part]?.enabled, false, part);
    });
  }
});
