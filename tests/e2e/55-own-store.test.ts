import assert from "node:assert/strict";
import { gather } from "../../doctor/gather/gather";
import { judge } from "../../doctor/judge";
import { headersFor } from "../../logs/query";
import { storePolicy } from "../../render/minio/storePolicy";
import { imageReference } from "../../render/pod";
import { platform, type Overrides } from "../support/platform";
import { readAll } from "../support/readBack";
import { RemoteStore } from "../support/remoteStore";
import { full } from "../support/sizes";
import { objectNames } from "../support/store";
import { waitFor } from "../support/wait";

const bucket = "our-logs";
const secret = "log-store";
const login = { accessKey: "loki-user", secretKey: "loki-user-secret" };
const why = "six minutes, with a second store; unit tests guard its rules, plan, gate and judgement";

describe("an object store that is there already", () => {
  const p = platform();
  const { cluster, settings } = p;
  const namespace = settings.namespaces.loki;
  const began = new Date();
  const job = `own-${Date.now()}`;
  let remote: RemoteStore;
  let store: Record<string, unknown>;

  before(async () => {
    await p.ensureUp();
    remote = await RemoteStore.start(cluster, "e2e-own-store", imageReference(settings.images.minio), bucket);
    store = { endpoint: remote.endpoint, buckets: { chunks: bucket }, secret };
    await cluster.core.createNamespacedSecret({
      namespace,
      body: {
        metadata: { name: secret },
        stringData: { S3_ACCESS_KEY_ID: login.accessKey, S3_SECRET_ACCESS_KEY: login.secretKey },
      },
    });
  });

  after(async () => {
    await (await p.stack(allowing("object-store-change"))).up();
    await cluster.core.deleteNamespacedSecret({ namespace, name: secret }).catch(() => undefined);
    await remote.remove();
  });

  const allowing = (...names: string[]): Overrides => ({ allow: [...settings.allow, ...names] });
  const [prepared, moving, moved] = [
    () => ({ objectStore: { ...store, kind: "minio", moving: true } }),
    () => ({ objectStore: { ...store, kind: "s3", moving: true } }),
    () => ({ objectStore: { ...store, kind: "s3" } }),
  ];
  const statements = (left?: string) => storePolicy([bucket]).replace(`"s3:${left}",`, "").replace(`,"s3:${left}"`, "");

  /** Pushes lines that say when, and returns when the ingesters have them. */
  const push = async (when: string) => {
    const values = Array.from({ length: 100 }, (_, index) => [
      String(BigInt(Date.now() * 1000 + index) * 1000n),
      `line ${index} ${when}`,
    ]);
    const response = await p.askLoki("/loki/api/v1/push", {
      method: "POST",
      headers: { ...headersFor(p.loki), "Content-Type": "application/json" },
      body: JSON.stringify({ streams: [{ stream: { job, when }, values }] }),
    });
    assert.equal(response.status, 204, await response.text());
  };
  /** Waits until Loki returns every line of these times. */
  const readsBack = async (...times: string[]) => {
    const wanted = times.flatMap((when) => Array.from({ length: 100 }, (_, index) => `line ${index} ${when}`)).sort();
    await waitFor(
      "every line",
      360,
      async () => {
        const lines = await readAll(p.loki, `{job="${job}"}`, new Date(began.getTime() - 60_000));
        return JSON.stringify(lines.map(({ line }) => line).sort()) === JSON.stringify(wanted) || undefined;
      },
      5_000,
    );
  };
  /** Copies with mc in a pod of MinIO, as docs/object-store.md says. */
  const mirror = async (from: string, to: string) => {
    const [pod] = await cluster.podsOf(p.workloads.minio);
    const said = await cluster.inShell(
      settings.namespaces.minio,
      pod?.metadata?.name ?? "",
      `export HOME=/dev/shm MC_CONFIG_DIR=/dev/shm/.mc
export MC_HOST_minio="http://$MINIO_ROOT_USER:$MINIO_ROOT_PASSWORD@127.0.0.1:9000"
mc alias set ours ${remote.endpoint} ${login.accessKey} ${login.secretKey} >/dev/null
mc mirror --retry ${from} ${to} && echo copied`,
      "minio",
    );
    assert.match(said, /copied/);
  };
  const [ofMinio, ofOurs] = [`minio/${settings.minio.buckets.chunks}`, `ours/${bucket}`];
  const stored = async () => (await remote.use(async ({ client }) => objectNames(client, bucket))).length;

  full(
    why,
    "is tried by preflight, which names exactly the right that is missing and leaves nothing behind",
    async () => {
      for (const right of ["PutObject", "DeleteObject", "GetObject", "ListBucket"]) {
        await remote.letUser(
          login,
          right === "ListBucket" ? statements().replace("s3:ListBucket", "s3:GetBucketLocation") : statements(right),
        );
        const { findings } = await (await p.stack(prepared())).preflight();
        const [found] = findings.filter(({ problem }) => problem.includes(bucket));
        assert.match(found?.problem ?? "", new RegExp(`lacks s3:${right}$`), right);
      }
      await remote.letUser(login, statements());
      const { findings, report } = await (await p.stack(prepared())).preflight();
      assert.deepEqual(
        findings.filter(({ problem }) => /store|bucket/.test(problem)),
        [],
      );
      if (findings.length === 0) assert.match(report, /list, get, put and delete work in our-logs/);
      assert.equal(await stored(), 0);
    },
  );

  full(why, "does not take MinIO's place by mistake: every log would go", async () => {
    await assert.rejects((await p.stack(moved())).preview(), (error: Error) => {
      assert.match(error.message, /nothing was touched/);
      assert.match(
        error.message,
        /MinIO: it would be deleted in namespace \S+ with its volumes .+ and so every stored log/,
      );
      assert.match(error.message, /allow\[0\]' minio-removed/);
      assert.match(error.message, /allow\[0\]' object-store-change/);
      return true;
    });
  });

  full(why, "gets a copy of the logs while Loki goes on with MinIO, and takes its place without a loss", async () => {
    await push("before");
    await p.flush();
    await (await p.stack(prepared())).up();
    await mirror(ofMinio, ofOurs);
    await push("between");
    await assert.rejects((await p.stack(moving())).preview(), /object-store-change/);
    await (await p.stack({ ...moving(), ...allowing("object-store-change") })).up();
    await push("after");
    await mirror(ofMinio, ofOurs);
    await readsBack("before", "between", "after");
    const before = await stored();
    await p.flush();
    await waitFor("a chunk in the new store", 60, async () => (await stored()) > before || undefined, 2_000);
  });

  full(why, "is judged by doctor: well, then a right that was taken away", async () => {
    const look = async () => {
      const stack = await p.stack(moving());
      const [kubeConfig, settings] = [await stack.kubeConfig(), await stack.settings()];
      const facts = await gather({ kubeConfig, settings, owner: stack.owner });
      return judge(facts).filter(({ check }) => /^(store|bucket)/.test(check));
    };
    assert.deepEqual(await look(), []);
    await remote.letUser(login, statements("PutObject"));
    await push("refused");
    await p.flush();
    const [found] = await waitFor("the finding", 90, async () =>
      ((all) => (all.length > 0 ? all : undefined))(await look()),
    );
    assert.deepEqual([found?.part, found?.check], ["loki", "store-login"]);
    assert.match(found?.problem ?? "", /do PutObject$/);
    await remote.letUser(login, statements());
  });

  full(why, "holds every log alone once MinIO is gone, which only a yes allows", async () => {
    await assert.rejects((await p.stack(moved())).preview(), /minio-removed/);
    await (await p.stack({ ...moved(), ...allowing("minio-removed") })).up();
    assert.equal(await cluster.hasNamespace(settings.namespaces.minio), false);
    await cluster.restart(p.workloads.loki);
    await readsBack("before", "between", "after", "refused");
  });

  full(why, "gives the logs back to a MinIO", async () => {
    await (await p.stack(moving())).up();
    await p.flush();
    await mirror(ofOurs, ofMinio);
    await (await p.stack({ ...prepared(), ...allowing("object-store-change") })).up();
    await mirror(ofOurs, ofMinio);
    await readsBack("before", "between", "after", "refused");
    await (await p.stack()).up();
    await readsBack("before", "between", "after", "refused");
    assert.ok((await stored()) > 0, "the store keeps what it has");
  });
});
