import assert from "node:assert/strict";

import { usersFile } from "../../../../render/loki/gateway";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { lokiValues } from "../../../../render/loki/values";
import { settingsFor, type Overrides } from "../../../support/stack";
import { planOf } from "../../../../render/plan";

interface Gateway {
  basicAuth: { existingSecret: string };
  extraVolumes: object[];
  nginxConfig: { httpSnippet?: string; serverSnippet?: string };
}

const basic = { gateway: { authentication: "basic", tenants: ["team-a"] } };

describe("a gateway that authenticates", () => {
  it("knows each user by a hash that nginx understands", () => {
    // The digest of "password", as `openssl dgst -sha1 -binary | base64` gives it.
    assert.equal(
      usersFile({ a: "password", b: "password" }),
      "a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\nb:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n",
    );
  });

  it("knows the passwords of before from a Secret of their own, and leaves that Secret as it is", () => {
    const gatewayOf = (rotation: Overrides) =>
      (lokiValues(planOf(settingsFor("dev", { ...basic, rotation })).loki) as { gateway: Gateway }).gateway;
    const before = gatewayOf({});
    const changing = gatewayOf({ gateway: 2, unfinished: ["gateway"] });
    const after = gatewayOf({ gateway: 2 });
    assert.equal(before.basicAuth.existingSecret, "loki-gateway-users");
    for (const { basicAuth } of [changing, after]) assert.equal(basicAuth.existingSecret, "loki-gateway-users-2");
    assert.deepEqual(changing.extraVolumes, [{ name: "previous-users", secret: { secretName: "loki-gateway-users" } }]);
    assert.match(
      changing.nginxConfig.httpSnippet!,
      /auth_basic_user_file \/etc\/logharbor-previous-users\/\.htpasswd;/,
    );
    assert.match(changing.nginxConfig.serverSnippet!, /satisfy any;\nauth_request \/previous-password;/);
    for (const { extraVolumes, nginxConfig } of [before, after]) {
      assert.deepEqual([extraVolumes, nginxConfig.httpSnippet], [[], undefined]);
      assert.ok(!/auth_request/.test(nginxConfig.serverSnippet!));
    }
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

  it("lets the login of Alloy, and no other, write for the tenants of namespaces, and read for none of them", () => {
    const tenants = { shop: "team-a", billing: "team.c" };
    const { gateway } = lokiValues(planOf(settingsFor("dev", { ...basic, alloy: { tenants } })).loki) as unknown as {
      gateway: { nginxConfig: { httpSnippet: string; locationSnippet: string } };
    };
    const { httpSnippet, locationSnippet } = gateway.nginxConfig;
    assert.equal(locationSnippet, "proxy_set_header X-Scope-OrgID $logharbor_tenant;");
    const [first, otherwise, exception = "", ...rest] = httpSnippet.split("\n");
    assert.equal(first, 'map "$remote_user $uri $http_x_scope_orgid" $logharbor_tenant {');
    assert.deepEqual([otherwise, ...rest], ["  default $remote_user;", "}"]);
    const [, text = ""] = /^ {2}"~(.*)" \$http_x_scope_orgid;$/.exec(exception) ?? [];
    const tenantOf = (user: string, path: string, named: string) =>
      new RegExp(text).test(`${user} ${path} ${named}`) ? named : user;
    const users = ["logharbor", "team-a", "team.c", "team-b"];
    const push = "/loki/api/v1/push";
    for (const path of [push, `${push}/`, "/otlp/v1/logs", "/loki/api/v1/query_range", "/loki/api/v1/delete"])
      for (const user of users)
        for (const named of [...users, "", "teamXc", "team-a|team.c", "team-a team.c"]) {
          const writes = user === "logharbor" && path === push && ["team-a", "team.c"].includes(named);
          assert.equal(tenantOf(user, path, named), writes ? named : user, `${user} ${path} ${named}`);
        }
  });

  it("gets Alloy's login from the environment only", () => {
    assert.match(
      alloyPipeline(planOf(settingsFor("prod", basic)).alloy),
      /basic_auth \{\n +username = sys\.env\("LOKI_USER"\)\n +password = sys\.env\("LOKI_PASSWORD"\)/,
    );
    assert.doesNotMatch(alloyPipeline(planOf(settingsFor("prod")).alloy), /basic_auth/);
  });
});
