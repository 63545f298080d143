import assert from "node:assert/strict";

import { usersFiles } from "../../../render/loki/gateway";
import { generatedBy, secretMark } from "../../support/recorder";
import { stackResources } from "../../support/stack";

const basic = { gateway: { authentication: "basic", tenants: ["team-a"] } };

describe("the tenants of a gateway that authenticates", () => {
  it("has a password for each tenant, secret wherever it goes", async () => {
    const resources = await stackResources("prod", basic);
    const passwords = ["logharbor", "team-a"].map((tenant) => generatedBy(`logharbor-loki-tenants-${tenant}-password`));
    const holders = resources.filter(({ clearInputs }) =>
      passwords.some((password) => JSON.stringify(clearInputs).includes(password)),
    );
    assert.deepEqual(holders.map(({ name }) => name).sort(), [
      "logharbor-alloy-login",
      "logharbor-grafana-login",
      "logharbor-loki-tenants-passwords",
    ]);
    for (const { inputs } of holders)
      assert.ok(!passwords.some((password) => JSON.stringify(inputs).includes(password)));
    const users = resources.find(({ name }) => name === "logharbor-loki-tenants-users");
    assert.ok(JSON.stringify(users?.inputs).includes(secretMark));
    assert.deepEqual(users?.clearInputs.stringData, usersFiles({ logharbor: passwords[0]!, "team-a": passwords[1]! }));
    const { dependencies } = resources.find(({ name }) => name === "logharbor-loki-release")!;
    assert.ok(dependencies.includes("logharbor-loki-tenants-users"));
  });

  it("is absent, with all that belongs to it, where nobody asked for it", async () => {
    assert.deepEqual(
      (await stackResources("prod")).filter(({ name }) => /tenants|login/.test(name)),
      [],
    );
  });
});
