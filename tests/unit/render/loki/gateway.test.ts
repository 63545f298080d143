import assert from "node:assert/strict";

import { usersFile } from "../../../../render/loki/gateway";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { lokiValues } from "../../../../render/loki/values";
import { generatedBy, secretMark } from "../../../support/recorder";
import { settingsFor, stackResources } from "../../../support/stack";
import { planOf } from "../../../../render/plan";

const basic = { gateway: { authentication: "basic", tenants: ["team-a"] } };

describe("a gateway that authenticates", () => {
  it("knows each user by a hash that nginx understands", () => {
    // The digest of "password", as `openssl dgst -sha1 -binary | base64` gives it.
    assert.equal(
      usersFile({ a: "password", b: "password" }),
      "a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\nb:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n",
    );
  });

  it("is there in each topology, and overwrites what a client says of its tenant", () => {
    for (const topology of ["single-binary", "simple-scalable", "ha-monolithic"]) {
      const { gateway } = lokiValues(planOf(settingsFor("dev", { ...basic, topology })).loki) as {
        gateway: { enabled: boolean; basicAuth: object; nginxConfig: { locationSnippet: string } };
      };
      assert.equal(gateway.enabled, true, topology);
      assert.deepEqual(gateway.basicAuth, { enabled: true, existingSecret: "loki-gateway-users" });
      assert.equal(gateway.nginxConfig.locationSnippet, "proxy_set_header X-Scope-OrgID $remote_user;");
    }
    assert.ok(!("basicAuth" in (lokiValues(planOf(settingsFor("prod")).loki).gateway as object)));
  });

  it("gets Alloy's login from the environment only", () => {
    assert.match(
      alloyPipeline(planOf(settingsFor("prod", basic)).alloy),
      /basic_auth \{\n +username = sys\.env\("LOKI_USER"\)\n +password = sys\.env\("LOKI_PASSWORD"\)/,
    );
    assert.doesNotMatch(alloyPipeline(planOf(settingsFor("prod")).alloy), /basic_auth/);
  });

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
      (users?.clearInputs.stringData as Record<string, string>)[".htpasswd"],
      usersFile({ logharbor: passwords[0]!, "team-a": passwords[1]! }),
    );
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
