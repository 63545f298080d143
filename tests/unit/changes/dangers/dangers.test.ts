import assert from "node:assert/strict";

import fc from "fast-check";

import type { Settings } from "../../../../config/settings";
import { dangersOf } from "../../../../changes/dangers/dangers";
import { existingOf, nothing } from "../../../support/existing";
import { settingsFor } from "../../../support/stack";
import { dangersIn, today } from "./cases";

describe("dangers of a change", () => {
  it("none: limits, resources and caches", () => {
    const after = {
      loki: {
        limits: { ingestionRateMb: 30, ingestionBurstSizeMb: 60 },
        resources: { memoryLimit: "8Gi" },
        caches: { chunksMb: 0 },
      },
    };
    assert.deepEqual(dangersIn("prod", {}, after), []);
  });

  it("none when nothing changes, whatever is set, and none where nothing is", () => {
    const overrides = fc.record({
      topology: fc.constantFrom("single-binary", "simple-scalable", "ha-monolithic"),
      minio: fc.record({
        servers: fc.constantFrom(4, 8, 16),
        drivesPerServer: fc.constantFrom(1, 2, 4),
        volumeSize: fc.constantFrom("1Gi", "2Ti"),
      }),
      retention: fc.record({
        warmDays: fc.integer({ min: 7, max: 400 }),
        streams: fc.array(
          fc.record({
            selector: fc.constantFrom('{a="1"}', '{b="2"}'),
            days: fc.integer({ min: 1, max: 500 }),
            priority: fc.integer({ min: 0, max: 9 }),
          }),
          { maxLength: 1 },
        ),
      }),
      storageClass: fc.constantFrom("fast", "slow"),
    });
    fc.assert(
      fc.property(fc.constantFrom("dev" as const, "prod" as const), overrides, (profile, given) => {
        const settings: Settings = settingsFor(profile, given);
        assert.deepEqual(dangersOf(existingOf(settings), settings, today), []);
        assert.deepEqual(dangersOf(nothing, settings, today), []);
      }),
      { numRuns: 100 },
    );
  });
});
