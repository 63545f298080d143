import assert from "node:assert/strict";
import { openLoki } from "../../logs/access";
import { headersFor, queryRange, type LokiAccess } from "../../logs/query";
import { tenantFor } from "../../logs/tenant";
import { secretNames } from "../../domain/names";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
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

  full(
    "two ups; unit tests hold the rendering of pipeline and gateway",
    "gives each namespace's lines to its tenant: who reads what, and who writes for whom",
    async () => {
      const tenants = { "e2e-tenant-a": "team-a", "e2e-tenant-b": "team-b" };
      const overrides = { gateway, alloy: { tenants } };
      const own = p.settings.tenant;
      const homes = { [own]: "e2e-tenant-own", "team-a": "e2e-tenant-a", "team-b": "e2e-tenant-b" };
      try {
        await p.withSettings(overrides, async () => {
          const settings = await (await p.stack(overrides)).settings();
          for (const home of Object.values(homes)) {
            await p.cluster.createNamespace(home);
            await p.cluster.runShells(home, [{ name: "writer", script: `echo of ${home}; sleep 36000` }]);
          }
          const passwords = await p.cluster.secret({ namespace: settings.namespaces.loki, name: secretNames.tenants });
          const access = await openLoki(settings, p.cluster.kubeConfig);
          try {
            const { url } = access;
            const reader = (tenant: string): LokiAccess => ({ url, tenant, password: passwords[tenant] });
            const all = '{namespace=~"e2e-tenant-.*"}';
            for (const [tenant, home] of Object.entries(homes)) {
              assert.equal(tenantFor(settings, { namespaces: [home] }), tenant);
              await waitFor(`the lines of ${home}`, 90, async () =>
                (await lines(reader(tenant), all)).includes(`of ${home}`) ? true : undefined,
              );
            }
            // Every reader names every tenant, and reads its own.
            for (const [tenant, home] of Object.entries(homes))
              for (const named of Object.keys(homes)) {
                const response = await fetch(
                  `${url}/loki/api/v1/query_range?${new URLSearchParams({ query: all, since: "1h" })}`,
                  { headers: { ...headersFor(reader(tenant)), "X-Scope-OrgID": named } },
                );
                const text = await response.text();
                for (const other of Object.values(homes))
                  assert.equal(text.includes(`of ${other}`), other === home, `${tenant}, who names ${named}: ${other}`);
              }
            // Every writer names every tenant: the login of Alloy alone writes for another.
            for (const writer of Object.keys(homes))
              for (const named of Object.keys(homes)) {
                const line = `by ${writer} for ${named}`;
                assert.equal(await push(url, line, { ...headersFor(reader(writer)), "X-Scope-OrgID": named }), 204);
                const owner = writer === own ? named : writer;
                await waitFor(line, 30, async () =>
                  (await lines(reader(owner), '{job="gateway"}')).includes(line) ? true : undefined,
                );
                for (const other of Object.keys(homes).filter((name) => name !== owner))
                  assert.ok(!(await lines(reader(other), '{job="gateway"}')).includes(line), `${other} reads ${line}`);
              }
          } finally {
            await access.close();
          }
        });
      } finally {
        for (const home of Object.values(homes)) await p.cluster.removeNamespace(home);
      }
    },
  );
});
