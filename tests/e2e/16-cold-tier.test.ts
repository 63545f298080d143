import assert from "node:assert/strict";
import { podTrouble } from "../../cluster/podTrouble";
import { headersFor } from "../../logs/query";
import type { Tier } from "../../config/settings";
import { imageReference } from "../../render/pod";
import { tierName } from "../../render/minio/tier";
import { planOf } from "../../render/plan";
import { recorder } from "../support/events";
import { platform, type Overrides } from "../support/platform";
import { readAll } from "../support/readBack";
import { RemoteStore } from "../support/remoteStore";
import { full } from "../support/sizes";
import { backdate, objectNames, storageClassOf } from "../support/store";
import { waitFor } from "../support/wait";

const bucket = "cold-logs";
const lineCount = 2_000;
interface StoreKeys {
  accessKey: string;
  secretKey: string;
}
const why = "three minutes, with a second store; unit tests guard its plan, its Job and its gate";

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: ["arn:aws:s3:::*"] }],
});

describe("a cold tier", () => {
  const p = platform();
  const { cluster, settings } = p;
  const namespace = settings.namespaces.minio;
  const chunkBucket = settings.minio.buckets.chunks;
  const [secret, otherSecret] = ["cold-tier", "cold-tier-2"];
  const [first, second] = ["first", "second"].map((name) => ({
    accessKey: `${name}-user`,
    secretKey: `${name}-password`,
  })) as [StoreKeys, StoreKeys];
  const job = `cold-${Date.now()}`;
  const began = new Date();
  let remote: RemoteStore;
  let tier: Tier;
  let cold: Overrides;

  before(async () => {
    await p.ensureUp();
    remote = await RemoteStore.start(cluster, "e2e-cold", imageReference(settings.images.minio), bucket);
    for (const user of [first, second]) await remote.letUser(user, everything);
    tier = { kind: "minio", endpoint: remote.endpoint, bucket, prefix: "logharbor", secret };
    cold = { minio: { tier }, retention: { coldDays: 365 } };
  });

  after(async () => {
    await (await p.stack({ allow: [...settings.allow, "tier-changed", "retention-cut"] })).up();
    await mc("mc admin config reset local scanner speed");
    for (const name of [secret, otherSecret])
      await cluster.core.deleteNamespacedSecret({ namespace, name }).catch(() => undefined);
    await remote.remove();
  });

  /** Runs mc in the pod of a server, which knows its own store as `local` and the other one as `remote`. */
  const mc = async (command: string) => {
    const [pod] = await cluster.podsOf(p.workloads.minio);
    const { accessKey, secretKey } = remote.credentials;
    const said = await cluster.inShell(
      namespace,
      pod?.metadata?.name ?? "",
      "export HOME=/dev/shm MC_CONFIG_DIR=/dev/shm/.mc " +
        "MC_HOST_local=http://$MINIO_ROOT_USER:$MINIO_ROOT_PASSWORD@127.0.0.1:9000 " +
        `MC_HOST_remote=${remote.endpoint.replace("://", `://${accessKey}:${secretKey}@`)}; ${command}`,
      "minio",
    );
    assert.doesNotMatch(said, /ERROR/, said);
  };
  /** Otherwise an ingester or a cache would answer from memory, and the store would not be asked. */
  const emptyCaches = async () => {
    await cluster.restart(p.workloads.loki);
    if (planOf(settings).topology.cache === "memcached")
      await cluster.restart({
        kind: "StatefulSet",
        namespace: settings.namespaces.loki,
        name: "loki-chunks-cache",
        replicas: 1,
      });
  };
  const lifecycle = async () =>
    p.asRoot(async ({ client }) => JSON.stringify(await client.getBucketLifecycle(chunkBucket)));
  /** In a query over this many days; Loki refuses one over more than the stack keeps. */
  const linesOf = async (days: number) =>
    (await readAll(p.loki, `{job="${job}"}`, new Date(began.getTime() - days * 86_400_000)))
      .map(({ line }) => line)
      .sort();
  const lines = async () => linesOf(364);
  const expected = Array.from({ length: lineCount }, (_, index) => `line ${String(index).padStart(6, "0")} of ${job}`);

  full(why, "comes up once its Secret exists, and until then says what it waits for", async () => {
    const up = (await p.stack(cold)).up();
    up.catch(() => undefined);
    await waitFor("the Job's pod to say what it waits for", 300, async () =>
      (await podTrouble(cluster.kubeConfig, namespace)).find((trouble) =>
        /minio-tier-\S+: .*secret "cold-tier" not found/.test(trouble),
      ),
    );
    await cluster.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: secret }, stringData: { ...first } },
    });
    await up;
    const rules = await lifecycle();
    for (const part of ["old-versions", `"Prefix":"${settings.tenant}/"`, tierName(tier)])
      assert.ok(rules.includes(part), rules);
  });

  full(why, "changes nothing with a second up", async () => {
    const seen = recorder();
    await (await p.stack(cold, seen.onEvent)).up();
    assert.deepEqual(seen.changed(), []);
  });

  full(why, "takes the chunks older than the warm days, but not the index; Loki returns every line", async function () {
    const values = expected.map((line, index) => [String(BigInt(began.getTime() + index) * 1_000_000n), line]);
    const response = await p.askLoki("/loki/api/v1/push", {
      method: "POST",
      headers: { ...headersFor(p.loki), "Content-Type": "application/json" },
      body: JSON.stringify({ streams: [{ stream: { job }, values }] }),
    });
    assert.equal(response.status, 204, await response.text());
    await p.flush();
    await waitFor(
      "the line's chunk",
      60,
      async () =>
        (await p.asRoot(async ({ client }) => objectNames(client, chunkBucket, `${settings.tenant}/`))).some(
          ({ lastModified }) => lastModified >= began,
        ) || undefined,
      2_000,
    );
    const moved = await p.asRoot(async ({ client }) => {
      const chunks = (await objectNames(client, chunkBucket, `${settings.tenant}/`)).map(({ name }) => name);
      for (const chunk of chunks) await backdate(client, chunkBucket, chunk, settings.retention.warmDays + 2);
      return chunks;
    });
    await mc("mc admin config set local scanner speed=fastest");
    await waitFor(
      "the chunks in the remote store",
      240,
      async () =>
        (await remote.use(async ({ client }) => objectNames(client, bucket))).length >= moved.length || undefined,
      3_000,
    );

    await p.asRoot(async ({ client }) => {
      for (const chunk of moved) assert.equal(await storageClassOf(client, chunkBucket, chunk), tierName(tier), chunk);
      const others = (await objectNames(client, chunkBucket)).filter(
        ({ name }) => !name.startsWith(`${settings.tenant}/`),
      );
      assert.ok(others.some(({ name }) => name.startsWith("index/")));
      for (const { name } of others)
        assert.notEqual(await storageClassOf(client, chunkBucket, name), tierName(tier), name);
    });
    const there = await remote.use(async ({ client }) => objectNames(client, bucket));
    assert.ok(there.every(({ name }) => name.startsWith("logharbor/")));

    await emptyCaches();
    const readsBefore = await remote.reads();
    assert.deepEqual(await waitFor("Loki's answer", 60, lines), expected);
    await waitFor(
      "the remote store to count its reads",
      30,
      async () => (await remote.reads()) > readsBefore || undefined,
    );
    this.test!.title += ` (${moved.length} chunks moved)`;
  });

  full(why, "takes other credentials from a Secret of another name, and no longer needs the old ones", async () => {
    await cluster.core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: otherSecret }, stringData: { ...second } },
    });
    tier = { ...tier, secret: otherSecret };
    cold = { minio: { tier }, retention: { coldDays: 365 } };
    await (await p.stack(cold)).up();
    await mc(`mc admin user disable remote ${first.accessKey}`);
    await cluster.core.deleteNamespacedSecret({ namespace, name: secret });
    await emptyCaches();
    const before = await remote.reads();
    assert.deepEqual(await waitFor("Loki's answer", 60, lines), expected);
    await waitFor("the remote store to count its reads", 30, async () => (await remote.reads()) > before || undefined);
  });

  full(why, "cannot be removed by mistake", async () => {
    await assert.rejects((await p.stack()).preview(), (error: Error) => {
      assert.match(
        error.message,
        /minio\.tier is unset, but chunks have been moved to minio http:\/\/remote\.e2e-cold\.svc:9000\/cold-logs\/logharbor/,
      );
      assert.match(error.message, /allow\[0\]' tier-changed/);
      return true;
    });
  });

  full(why, "moves nothing more once coldDays is gone, and keeps moved chunks readable", async () => {
    await (await p.stack({ minio: { tier }, allow: [...settings.allow, "retention-cut"] })).up();
    const rules = await lifecycle();
    assert.ok(rules.includes("old-versions") && !rules.includes(tierName(tier)), rules);
    assert.deepEqual(await waitFor("Loki's answer", 60, async () => linesOf(1)), expected);
  });

  full(why, "leaves the bucket's lifecycle as it was before, once its removal is allowed", async () => {
    await (await p.stack({ allow: [...settings.allow, "tier-changed"] })).up();
    const rules = await lifecycle();
    assert.ok(rules.includes("old-versions") && !rules.includes(tierName(tier)), rules);
  });
});
