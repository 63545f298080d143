import assert from "node:assert/strict";
import { existsSync } from "node:fs";

import { assertUnchanged, golden, goldenFile, profiles, storedGolden } from "../golden/golden";
import { registerStack } from "../support/stack";

describe("golden files", () => {
  for (const profile of profiles) {
    it(`${profile}: every resource is as in tests/golden/${profile}.yaml`, async () => {
      assert.ok(
        existsSync(goldenFile(profile)),
        `tests/golden/${profile}.yaml is missing: run \`npm run golden:update\``,
      );
      assertUnchanged(await golden(profile), storedGolden(profile), `tests/golden/${profile}.yaml`);
    });

    it(`${profile}: is the same at each run`, async () => {
      assert.equal(await golden(profile, registerStack), await golden(profile));
    });

    it(`${profile}: holds no generated password`, () => {
      assert.ok(!storedGolden(profile).includes("generated-by"));
    });
  }
});
