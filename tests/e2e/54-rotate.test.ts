import assert from "node:assert/strict";
import { changeCount } from "../../automation/engineProgress";
import type { LogStack } from "../../automation/logStack";
import type { Credential } from "../../domain/credentials";
import { lokiStoreVariables, secretNames } from "../../domain/names";
import { openLoki } from "../../logs/access";
import { headersFor, queryRange, type LokiAccess } from "../../logs/query";
import { minioUrl } from "../../render/addresses";
import { holdsWhile } from "../support/load";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { asStoreUser } from "../support/store";

const twoUps = "two ups and a load; unit tests hold the order of the steps and what each of them makes";

describe("credentials that change", function () {
  const p = platform();
  const gateway = { authentication: "basic", tenants: ["team-a"] };
  let stack: LogStack;

  before(async () => {
    stack = await p.stack({ gateway });
    await stack.up();
  });
  after(async () => (await p.stack()).up());

  const push = async (loki: LokiAccess) => {
    const body = JSON.stringify({
      streams: [{ stream: { job: "rotate" }, values: [[String(BigInt(Date.now()) * 1_000_000n), "a line"]] }],
    });
    const headers = { "Content-Type": "application/json", ...headersFor(loki) };
    const response = await fetch(`${loki.url}/loki/api/v1/push`, { method: "POST", headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const tenantSecret = { namespace: p.settings.namespaces.loki, name: secretNames.tenants };
  const storeSecret = { namespace: p.settings.namespaces.loki, name: secretNames.lokiStore };
  const rootSecret = { namespace: p.settings.namespaces.minio, name: secretNames.minioRoot };

  /** Whether MinIO lets a user in: it may list Loki's bucket. */
  const mayList = async (accessKey: string, secretKey: string) =>
    asStoreUser(p.cluster, { minioUrl: minioUrl(p.settings), accessKey, secretKey }, async ({ client }) => {
      try {
        for await (const _ of client.listObjectsV2(p.settings.minio.buckets.chunks, "", false)) return true;
        return true;
      } catch (error) {
        assert.match(String(error), /InvalidAccessKeyId|SignatureDoesNotMatch|Access Key|signature/i);
        return false;
      }
    });

  /** Rotates under load, and checks that every line is stored once and that the gateway refused no push of Alloy. */
  const rotates = async (context: Mocha.Context, credential: Credential, work: () => Promise<void>): Promise<void> => {
    const began = new Date();
    await holdsWhile(context, { platform: p, name: `rotate${credential.toLowerCase()}` }, work);
    const refused = await queryRange(p.loki, {
      query: `{namespace="${p.settings.namespaces.loki}", container="nginx"} |~ "${p.settings.tenant} .*/push.* 401 "`,
      start: began,
    });
    assert.deepEqual(refused, [], "the gateway refused a push of Alloy");
    assert.equal(changeCount((await stack.up()).changes), 0, "an up after the rotation changes something");
  };

  full(twoUps, "renews the gateway's passwords; a tenant's old one is valid until the second run", async function () {
    const settings = await stack.settings();
    const old = await openLoki(settings, p.cluster.kubeConfig);
    try {
      const { "team-a": oldTeam } = await p.cluster.secret(tenantSecret);
      const team: LokiAccess = { url: old.url, tenant: "team-a", password: oldTeam };
      await rotates(this, "gateway", async () => {
        assert.deepEqual(await stack.rotate({ what: ["gateway"] }), {
          done: [],
          waiting: ["gateway"],
          tenants: ["team-a"],
        });
        const passwords = await p.cluster.secret(tenantSecret);
        const [own, fresh] = [passwords[p.settings.tenant], passwords["team-a"]];
        assert.notEqual(fresh, oldTeam);
        for (const access of [old, team, { ...old, password: own }, { ...team, password: fresh }])
          assert.equal(await push(access), 204, `${access.tenant} while both are valid`);
        assert.equal(await push({ ...team, password: own }), 401);
        assert.equal(await push({ ...team, password: "wrong" }), 401);

        assert.deepEqual(await stack.rotate({ what: ["gateway"] }), { done: ["gateway"], waiting: [], tenants: [] });
        assert.deepEqual(await p.cluster.secret(tenantSecret), passwords);
        assert.equal(await push({ ...old, password: own }), 204);
        assert.equal(await push({ ...team, password: fresh }), 204);
        assert.equal(await push(team), 401, "the tenant's old password is still valid");
      });
      assert.equal(await push(old), 401, "the old password is still valid");
    } finally {
      await old.close();
    }
  });

  full(twoUps, "renews Loki's user in MinIO, and does so again", async function () {
    const login = async () => {
      const secret = await p.cluster.secret(storeSecret);
      return [secret[lokiStoreVariables.accessKeyId]!, secret[lokiStoreVariables.secretAccessKey]!] as const;
    };
    const first = await login();
    await rotates(this, "lokiStore", async () => {
      await stack.rotate({ what: ["lokiStore"] });
      const second = await login();
      await p.flush();
      await stack.rotate({ what: ["lokiStore"] });
      const third = await login();
      assert.equal(new Set([first[0], second[0], third[0]]).size, 3);
      assert.deepEqual(await Promise.all([first, second, third].map(async (user) => mayList(...user))), [
        false,
        false,
        true,
      ]);
      await p.flush();
    });
  });

  full(twoUps, "renews MinIO's root password", async function () {
    const old = await p.cluster.secret(rootSecret);
    await rotates(this, "minioRoot", async () => {
      await stack.rotate({ what: ["minioRoot"] });
      const { rootUser, rootPassword } = await p.cluster.secret(rootSecret);
      assert.notEqual(rootPassword, old.rootPassword);
      assert.equal(await mayList(rootUser!, rootPassword!), true);
      assert.equal(await mayList(rootUser!, old.rootPassword!), false, "the old password is still valid");
      await p.flush();
    });
  });
});
