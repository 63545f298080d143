import assert from "node:assert/strict";

import { unpinned } from "../../../policies/pinnedVersions";
import { plaintextSecrets } from "../../../policies/plaintextSecrets";
import { privileges } from "../../../policies/privileges";
import { looseNamespaces } from "../../../policies/podSecurity";
import { tooFewReplicas, unprotected } from "../../../policies/production";
import type { Resource } from "../../../policies/resource";
import { scenarios } from "../../golden/scenarios";
import { stacks } from "../../support/stack";
import { stack } from "./resources";

const each = (policy: (resource: Resource) => string[]) => (resources: Resource[]) => resources.flatMap(policy);
const all = {
  unpinned: each(unpinned),
  plaintextSecrets: each(plaintextSecrets),
  privileges: each(privileges),
  looseNamespaces,
  tooFewReplicas,
  unprotected,
};

describe("policies", () => {
  const ofScenarios = scenarios.map(({ name, profile, overrides }) => [name, profile, overrides] as const);
  for (const [title, profile, overrides] of [...stacks, ...ofScenarios]) {
    it(`let this stack pass: ${title}`, async () => {
      const resources = await stack(profile, overrides);
      for (const [name, policy] of Object.entries(all)) assert.deepEqual(policy(resources), [], name);
    });
  }
});
