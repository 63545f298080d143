import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "minio";
import { stringify } from "yaml";
import type { LokiAccess } from "../../logs/query";
import { parseSettings } from "../../config/stackConfig";
import { cacheDir } from "../../local/cache";
import { lokiConfig } from "../../render/loki/config";
import { freePort } from "../support/freePort";
import { readAll } from "../support/readBack";
import { bySize, core } from "../support/sizes";
import { objectNames } from "../support/store";
import { waitFor } from "../support/wait";
import { planOf } from "../../render/plan";

const bin = (name: string) => join(cacheDir(), "bin", name);
const day = 86_400_000;
const kills = bySize({ core: 1, full: 20 });
const linesOfAStream = 500;
const streamsOfAKind = 6;

/**
 * Real Loki and real MinIO as processes of this machine, with the configuration that the product renders, except for
 * paths, ports and addresses. Killing a process is as hard as killing a pod, and much faster.
 */
describe("retention, with the compactor killed again and again", () => {
  const dir = mkdtempSync(join(tmpdir(), "retention-"));
  const keys = { S3_ACCESS_KEY_ID: "retention", S3_SECRET_ACCESS_KEY: "retention-secret" };
  const settings = parseSettings({
    profile: "dev",
    retention: JSON.stringify({
      hotDays: 1,
      warmDays: 1,
      deleteDelayHours: 0,
      compactionIntervalMinutes: 1,
      streams: [{ selector: '{kind="kept"}', days: 30, priority: 1 }],
    }),
    loki: JSON.stringify({ limits: { rejectOldSamplesHours: 24 * 30 } }),
  });
  const bucket = settings.minio.buckets.chunks;
  const processes: ChildProcess[] = [];
  const ports = { minio: 0, http: 0, grpc: 0 };
  let loki: LokiAccess;
  let log = "";

  before(async function () {
    if (!existsSync(bin("loki")) || !existsSync(bin("minio"))) {
      console.log("      skipped: Loki and MinIO run in containers here");
      this.skip();
    }
    for (const port of Object.keys(ports) as (keyof typeof ports)[]) ports[port] = await freePort();
    loki = { url: `http://127.0.0.1:${ports.http}`, tenant: settings.tenant };
    writeFileSync(join(dir, "runtime.yaml"), "{}");
    writeFileSync(join(dir, "loki.yaml"), configuration());
    mkdirSync(join(dir, "store"));
    const minio = run(bin("minio"), ["server", join(dir, "store"), "--address", `127.0.0.1:${ports.minio}`], {
      MINIO_ROOT_USER: keys.S3_ACCESS_KEY_ID,
      MINIO_ROOT_PASSWORD: keys.S3_SECRET_ACCESS_KEY,
    });
    minio.stdout?.resume();
    await waitFor("MinIO", 30, async () =>
      (await fetch(`http://127.0.0.1:${ports.minio}/minio/health/live`)).ok ? true : undefined,
    );
    for (const name of Object.values(settings.minio.buckets)) await store().makeBucket(name);
  });

  after(async () => {
    processes.forEach((child) => child.kill("SIGKILL"));
    await sleep(200);
    rmSync(dir, { recursive: true, force: true });
  });

  const run = (program: string, args: string[], env: Record<string, string>) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    processes.push(child);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
    return child;
  };
  const store = () =>
    new Client({
      endPoint: "127.0.0.1",
      port: ports.minio,
      useSSL: false,
      accessKey: keys.S3_ACCESS_KEY_ID,
      secretKey: keys.S3_SECRET_ACCESS_KEY,
      region: "us-east-1",
    });

  /** The product's configuration for one process, adapted so that a process of this machine can run with it. */
  const configuration = () => {
    const text = stringify(lokiConfig(planOf(settings).loki))
      .replaceAll("/var/loki", join(dir, "loki"))
      .replaceAll("/etc/loki/runtime-config/runtime-config.yaml", join(dir, "runtime.yaml"))
      .replaceAll(/minio\.[\w-]+\.svc:9000/g, `127.0.0.1:${ports.minio}`)
      .replace("http_listen_port: 3100", `http_listen_port: ${ports.http}`)
      .replace("grpc_listen_port: 9095", `grpc_listen_port: ${ports.grpc}`)
      .replace("compaction_interval: 1m", "compaction_interval: 2s\n  apply_retention_interval: 2s")
      .replace(/^common:$/m, "common:\n  instance_addr: 127.0.0.1");
    assert.match(text, /retention_enabled: true/);
    return text;
  };

  const startLoki = () => {
    log = "";
    const child = run(bin("loki"), [`-config.file=${join(dir, "loki.yaml")}`, "-config.expand-env=true"], keys);
    child.stdout?.resume();
    return child;
  };
  const ready = async () =>
    waitFor("Loki", 60, async () => ((await fetch(`${loki.url}/ready`)).ok ? true : undefined), 250);
  const stop = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };

  const push = async (kind: string, began: number) => {
    for (let stream = 0; stream < streamsOfAKind; stream++) {
      const values = Array.from({ length: linesOfAStream }, (_, index) => [
        String(BigInt(began + index * 100) * 1_000_000n),
        `${kind} stream=${stream} seq=${index}`,
      ]);
      const body = JSON.stringify({
        streams: [{ stream: { kind, began: String(began), stream: String(stream) }, values }],
      });
      const response = await fetch(`${loki.url}/loki/api/v1/push`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Scope-OrgID": loki.tenant },
        body,
      });
      assert.equal(response.status, 204, await response.text());
    }
  };
  const lines = async (kind: string) =>
    (await readAll(loki, `{kind="${kind}"}`, new Date(Date.now() - 6 * day))).map(({ line }) => line).sort();
  const expected = (kind: string) =>
    Array.from({ length: streamsOfAKind }, (_, stream) =>
      Array.from({ length: linesOfAStream }, (_, index) => `${kind} stream=${stream} seq=${index}`),
    )
      .flat()
      .sort();
  const chunks = async () => (await objectNames(store(), bucket, `${loki.tenant}/`)).length;

  core(
    `expired logs are deleted and all others stay, although the compactor is killed ${kills} times in the middle`,
    async function () {
      this.timeout(900_000);
      let child = startLoki();
      await ready();
      for (const age of [2, 3, 4, 5]) await push(age === 5 ? "kept" : "past", Date.now() - age * day);
      await push("now", Date.now() - 30 * 60_000);
      assert.deepEqual(await lines("now"), expected("now"));
      // On a graceful stop it flushes chunks and index to the store.
      await stop(child, "SIGTERM");
      // Lines from days ago would no longer be in the write-ahead log. But these were pushed just now, and queries ask
      // the ingester for days back.
      rmSync(join(dir, "loki/wal"), { recursive: true });
      const before = await chunks();
      assert.ok(before >= 5 * streamsOfAKind, `${before} chunks were stored`);

      const left: number[] = [];
      for (let kill = 0; kill < kills; kill++) {
        child = startLoki();
        await waitFor(
          "the compactor at work",
          120,
          () => Promise.resolve(log.includes("chosen to run the compactor") ? true : undefined),
          20,
        );
        // It begins to mark after 2 s, and soon after to delete what it has marked. Each kill strikes at another
        // moment.
        await sleep(500 + (kill % 10) * 500);
        await stop(child, "SIGKILL");
        left.push(await chunks());
      }

      child = startLoki();
      await ready();
      await waitFor(
        "the end of all expired chunks",
        420,
        async () =>
          (await chunks()) <= before - 3 * streamsOfAKind && (await lines("past")).length === 0 ? true : undefined,
        3_000,
      );
      for (const kind of ["kept", "now"]) assert.deepEqual(await lines(kind), expected(kind));
      this.test!.title += ` (chunks: ${before} before, ${left.join(" ")} after each kill, ${await chunks()} in the end)`;
      await stop(child, "SIGTERM");
    },
  );
});
