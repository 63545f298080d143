import assert from "node:assert/strict";

import { usersFile } from "../../../render/loki/gateway";
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
    assert.equal(
      (users!.clearInputs.stringData as Record<string, string>)[".htpasswd"],
      usersFile({ logharbor: passwords[0]!, "team-a": passwords[1]! }),
    );
    const { dependencies } = resources.find(({ name }) => name === "logharbor-loki-release")!;
    assert.ok(dependencies.includes("logharbor-loki-tenants-users"));
  });

  it("has both passwords while they are renewed; who logs in gets the new one, once the gateway knows it", async () => {
    const resources = await stackResources("prod", { ...basic, rotation: { gateway: 2, unfinished: ["gateway"] } });
    const users = (name: string) =>
      (resources.find((resource) => resource.name === name)!.clearInputs.stringData as Record<string, string>)[
        ".htpasswd"
      ];
    const generated = (suffix: string) => ({
      logharbor: generatedBy(`logharbor-loki-tenants-logharbor-password${suffix}`),
      "team-a": generatedBy(`logharbor-loki-tenants-team-a-password${suffix}`),
    });
    assert.equal(users("logharbor-loki-tenants-users"), usersFile(generated("")));
    assert.equal(users("logharbor-loki-tenants-users-2"), usersFile(generated("-2")));
    for (const name of ["logharbor-alloy-login", "logharbor-grafana-login", "logharbor-loki-tenants-passwords"]) {
      const { clearInputs, dependencies } = resources.find((resource) => resource.name === name)!;
      assert.ok(JSON.stringify(clearInputs).includes(generated("-2").logharbor), name);
      assert.ok(!JSON.stringify(clearInputs).includes(`${generated("").logharbor}"`), name);
      assert.ok(dependencies.includes("logharbor-loki-release"), name);
    }
  });

  it("is absent, with all that belongs to it, where nobody asked for it", async () => {
    assert.deepEqual(
      (await stackResources("prod")).filter(({ name }) => /tenants|login/.test(name)),
      [],
    );
  });
});
