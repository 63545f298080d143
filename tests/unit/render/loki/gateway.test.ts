import assert from "node:assert/strict";

import { usersFiles } from "../../../../render/loki/gateway";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { lokiValues } from "../../../../render/loki/values";
import { settingsFor, type Overrides } from "../../../support/stack";
import { planOf } from "../../../../render/plan";

const basic = { gateway: { authentication: "basic", tenants: ["team-a"] } };

describe("a gateway that authenticates", () => {
  it("knows each user by a hash that nginx understands", () => {
    // The digest of "password", as `openssl dgst -sha1 -binary | base64` gives it.
    assert.equal(
      usersFiles({ a: "password", b: "password" })[".htpasswd"],
      "a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\nb:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n",
    );
  });

  it("has the passwords of before in a file of their own, because nginx takes the first of a user", () => {
    assert.deepEqual(Object.keys(usersFiles({ a: "new" }, { a: "old" })), [".htpasswd", ".htpasswd-previous"]);
    const rotation = { gateway: 2, unfinished: ["gateway"] };
    const nginx = (overrides: Overrides) =>
      (lokiValues(planOf(settingsFor("dev", overrides)).loki) as { gateway: { nginxConfig: Record<string, string> } })
        .gateway.nginxConfig;
    const changing = nginx({ ...basic, rotation });
    assert.match(changing.httpSnippet ?? "", /auth_basic_user_file \/etc\/nginx\/secrets\/\.htpasswd-previous;/);
    assert.match(changing.serverSnippet ?? "", /satisfy any;\nauth_request \/previous-password;/);
    const changed = nginx({ ...basic, rotation: { gateway: 2 } });
    assert.deepEqual([changed.httpSnippet, changed.serverSnippet], [undefined, ""]);
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
});
