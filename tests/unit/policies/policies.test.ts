import assert from "node:assert/strict";

import { unpinned } from "../../../policies/pinnedVersions";
import { plaintextSecrets } from "../../../policies/plaintextSecrets";
import { looseNamespaces } from "../../../policies/podSecurity";
import { tooFewReplicas, unprotected } from "../../../policies/production";
import type { Resource } from "../../../policies/resource";
import type { Profile } from "../../../config/settings";
import type { Overrides } from "../../support/stack";
import { stack } from "./resources";

const each = (policy: (resource: Resource) => string[]) => (resources: Resource[]) => resources.flatMap(policy);
const all = {
  unpinned: each(unpinned),
  plaintextSecrets: each(plaintextSecrets),
  looseNamespaces,
  tooFewReplicas,
  unprotected,
};

describe("policies", () => {
  const own: [Profile, Overrides][] = [
    ["dev", {}],
    ["dev", { alloy: { source: "kubernetes-api" } }],
    ["prod", {}],
    ["prod", { topology: "ha-monolithic" }],
    ["prod", { gateway: { authentication: "basic", tenants: ["team-a"] } }],
    ["prod", { tls: { certificates: "cert-manager", issuer: "internal-ca" } }],
  ];
  for (const [profile, overrides] of own) {
    it(`let the stack ${profile} ${JSON.stringify(overrides)} pass`, async () => {
      const resources = await stack(profile, overrides);
      for (const [name, policy] of Object.entries(all)) assert.deepEqual(policy(resources), [], name);
    });
  }
});
