import assert from "node:assert/strict";
import { tenantFor } from "../../../logs/tenant";
import { settingsFor } from "../../support/stack";

const tenants = { shop: "team-a", web: "team-a", billing: "team-b" };
const settings = settingsFor("dev", {
  gateway: { authentication: "basic", tenants: ["team-c"] },
  alloy: { tenants },
});

describe("the tenant whose lines are read", () => {
  it("is that of the namespaces, else the stack's own", () => {
    assert.equal(tenantFor(settings, {}), "logharbor");
    assert.equal(tenantFor(settings, { namespaces: ["default"] }), "logharbor");
    assert.equal(tenantFor(settings, { namespaces: ["shop*"] }), "logharbor");
    assert.equal(tenantFor(settings, { namespaces: ["shop", "web"] }), "team-a");
    assert.equal(tenantFor(settings, { namespaces: ["billing"], tenant: "team-c" }), "team-c");
  });

  it("is one: Loki answers a query for one tenant", () => {
    assert.throws(
      () => tenantFor(settings, { namespaces: ["shop", "default"] }),
      /belong to several tenants: team-a, logharbor\.\n {2}-> ask for those of one tenant at a time/,
    );
  });

  it("has a password where the gateway asks for one", () => {
    assert.throws(
      () => tenantFor(settings, { tenant: "team-d" }),
      /team-d is no tenant of this stack, so it has no password\.\n {2}-> name one of logharbor, team-c, team-a, team-b/,
    );
    assert.equal(tenantFor(settingsFor("dev"), { tenant: "team-d" }), "team-d");
  });
});
