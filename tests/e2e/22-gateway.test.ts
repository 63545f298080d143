import assert from "node:assert/strict";
import { openLoki } from "../../logs/access";
import { headersFor, queryRange, type LokiAccess } from "../../logs/query";
import { secretNames } from "../../domain/names";
import { platform } from "../support/platform";
import { core } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("a gateway that authenticates", () => {
  const p = platform();
  const gateway = { authentication: "basic", tenants: ["team-a"] };
  const namespace = "e2e-gateway";

  after(async () => p.cluster.removeNamespace(namespace));

  const push = async (url: string, line: string, headers: Record<string, string>) => {
    const body = JSON.stringify({
      streams: [{ stream: { job: "gateway" }, values: [[String(BigInt(Date.now()) * 1_000_000n), line]] }],
    });
    const response = await fetch(`${url}/loki/api/v1/push`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  };
  const lines = async (loki: LokiAccess, query: string) => (await queryRange(loki, { query })).map(({ line }) => line);

  core("lets in only who has a tenant's password, sets the tenant itself, and Alloy still delivers", async () => {
    await p.withSettings({ gateway }, async () => {
      const own = await openLoki(await (await p.stack({ gateway })).settings(), p.cluster.kubeConfig);
      try {
        const passwords = await p.cluster.secret({ namespace: p.settings.namespaces.loki, name: secretNames.tenants });
        assert.deepEqual(Object.keys(passwords).sort(), [p.settings.tenant, "team-a"].sort());
        assert.equal(own.password, passwords[p.settings.tenant]);
        const team: LokiAccess = { url: own.url, tenant: "team-a", password: passwords["team-a"] };

        await waitFor("the gateway", 60, async () =>
          (await push(own.url, "own", headersFor(own))) === 204 ? true : undefined,
        );
        const nobody = { "X-Scope-OrgID": p.settings.tenant };
        assert.equal(await push(own.url, "nobody", nobody), 401);
        assert.equal(await push(own.url, "wrong", headersFor({ ...own, password: "wrong" })), 401);
        assert.equal(await push(own.url, "crossed", headersFor({ ...own, password: passwords["team-a"] })), 401);
        assert.equal((await fetch(`${own.url}/loki/api/v1/labels`, { headers: nobody })).status, 401);

        // The gateway overwrites the tenant that a client names with the one that logged in.
        assert.equal(
          await push(own.url, "of team-a", { ...headersFor(team), "X-Scope-OrgID": p.settings.tenant }),
          204,
        );
        assert.deepEqual(
          await waitFor("the team's line", 60, async () =>
            (await lines(team, '{job="gateway"}')).length > 0 ? lines(team, '{job="gateway"}') : undefined,
          ),
          ["of team-a"],
        );
        assert.ok(!(await lines(own, '{job="gateway"}')).includes("of team-a"));

        await p.cluster.createNamespace(namespace);
        await p.cluster.runShells(namespace, [{ name: "writer", script: "echo through the gateway; sleep 36000" }]);
        assert.deepEqual(
          await waitFor("a line by Alloy", 90, async () =>
            (await lines(own, `{namespace="${namespace}"}`)).length > 0
              ? lines(own, `{namespace="${namespace}"}`)
              : undefined,
          ),
          ["through the gateway"],
        );

        const state = JSON.stringify(await p.exportState());
        for (const password of Object.values(passwords))
          assert.ok(!state.includes(password), "the state holds a password as plain text");
      } finally {
        await own.close();
      }
    });
  });
});
