import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { proveDelivery } from "../../logs/proof";
import { queryRange, type Entry } from "../../logs/query";
import { tail } from "../../logs/tail";
import { command, firstLineOf } from "../support/command";
import { milliseconds } from "../support/readBack";
import { platform } from "../support/platform";
import { core } from "../support/sizes";
import { chunkText, objectBytes, objectNames } from "../support/store";
import { waitFor } from "../support/wait";

const namespace = "e2e-logs";
const token = randomBytes(12).toString("hex");

/** What the pod writes at its start; the last one is the unique line. */
const accessLog = [
  { level: "info", status: 200, path: "/", msg: "served" },
  { level: "info", status: 404, path: "/nothing", msg: "not found" },
  { level: "error", status: 500, path: "/cart", msg: "upstream failed" },
  { level: "error", status: 500, path: "/pay", msg: "panic: no such card" },
].map((entry) => JSON.stringify(entry));
const plain = ["panic: runtime error: index out of range", "unhandled error in worker 3", `unique ${token}`];
const lines = [...accessLog, ...plain];

describe("logs in, logs out", () => {
  const p = platform();

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(namespace);
    const print = lines.map((line) => `printf '%s\\n' '${line}'`).join("\n");
    await p.cluster.runShells(namespace, [
      {
        name: "shop-1",
        app: "shop",
        script: `${print}\ni=0; while true; do i=$((i+1)); printf 'tick %s\\n' $i; sleep 1; done`,
      },
    ]);
  });

  after(async () => p.cluster.removeNamespace(namespace));

  const find = async (query: string): Promise<Entry[]> => queryRange(p.loki, { query, limit: 1000 });
  const found = async (query: string): Promise<string[]> => (await find(query)).map(({ line }) => line).sort();

  core("reads a line back within 30 s after it was written", async () => {
    const query = `{namespace="${namespace}"} |= "${token}"`;
    const entry = await waitFor("the unique line", 40, async () => (await find(query))[0]);
    const seconds = (Date.now() - milliseconds(entry)) / 1000;
    assert.ok(seconds <= 30, `it took ${seconds.toFixed(1)} s`);
    assert.equal(entry.line, `unique ${token}`);
  });

  core("proves by a line of Loki's own pod that logs arrive, as `npm run up` does at its end", async () => {
    const { pod, seconds } = await proveDelivery(p.loki, p.settings.namespaces.loki);
    assert.match(pod, /^loki/);
    assert.ok(seconds <= 30, `it took ${seconds.toFixed(1)} s`);
  });

  core("labels a line with namespace, app, container and node, and stores the pod as metadata", async () => {
    const [entry] = await find(`{namespace="${namespace}"} |= "${token}"`);
    const [pod] = await p.cluster.pods(namespace);
    const labels = { ...entry!.labels };
    delete labels.service_name; // Loki's own, made from the others
    assert.deepEqual(labels, { namespace, app: "shop", container: "shell", node: pod!.spec?.nodeName });
    assert.equal(entry!.metadata.pod, "shop-1");

    for (const query of [
      `{app="shop"}`,
      `{container="shell", namespace="${namespace}"}`,
      `{node="${pod!.spec?.nodeName}"}`,
      `{namespace="${namespace}"} | pod="shop-1"`,
    ]) {
      // The whole line, because Loki's own lines about these queries hold the token too.
      assert.deepEqual(await found(`${query} |~ "^unique ${token}$"`), [`unique ${token}`], query);
    }
    assert.deepEqual(await found(`{namespace="${namespace}"} | pod="shop-2"`), []);
  });

  core("answers the queries of the specification", async () => {
    const selector = `{namespace="${namespace}"}`;
    assert.deepEqual(
      (await found(selector)).filter((line) => !line.startsWith("tick ")),
      [...lines].sort(),
    );
    const holding = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).sort();
    assert.deepEqual(await found(`${selector} |= "error"`), holding(/error/));
    assert.deepEqual(await found(`${selector} |~ "panic"`), holding(/panic/));
    assert.deepEqual(await found(`${selector} | json | status=500`), holding(/"status":500/));
  });

  core("follows a pod live", async () => {
    const stop = new AbortController();
    const seen: Entry[] = [];
    const began = Date.now();
    const tailing = tail(p.loki, {
      query: `{namespace="${namespace}"} |= "tick"`,
      signal: stop.signal,
      onEntry: (entry) => seen.push(entry),
    });
    try {
      await waitFor("ten new lines", 30, () =>
        Promise.resolve(seen.filter((entry) => milliseconds(entry) > began).length >= 10 ? true : undefined),
      );
    } finally {
      stop.abort();
      await tailing;
    }
    const numbers = seen.map(({ line }) => Number(line.split(" ")[1]));
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, index) => numbers[0]! + index),
      "a line is missing, twice, or out of order",
    );
  });

  core("also answers on the command line, and follows until Ctrl-C", async () => {
    const query = `{namespace="${namespace}"}`;
    const asked = await command(p.cacheHome, ["logs", `${query} | json | status=500`, "--output", "json"]);
    assert.equal(asked.status, 0, asked.stderr);
    const printed = asked.stdout
      .trimEnd()
      .split("\n")
      .map((text) => (JSON.parse(text) as Entry).line);
    assert.deepEqual(printed.sort(), accessLog.filter((line) => line.includes('"status":500')).sort());

    const ticks = (text: string) => text.split("\n").filter((line) => / e2e-logs\/shop-1\/shell tick \d+$/.test(line));
    const followed = await command(
      p.cacheHome,
      ["logs", `${query} |= "tick"`, "--limit", "3", "--follow"],
      (text) => ticks(text).length >= 8,
    );
    assert.equal(followed.status, 130, followed.stderr);
    const numbers = ticks(followed.stdout).map((line) => Number(line.split(" ").at(-1)));
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, index) => numbers[0]! + index),
    );

    const refused = await command(p.cacheHome, ["logs", "{namespace="]);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Loki refuses the query[^]*parse error[^]*->/);
  });

  core("ends silently when its reader does, as after `| head -1`", async () => {
    const query = `{namespace="${namespace}"}`;
    for (const extra of [["--limit", "1000"], ["--follow"]]) {
      const { status, stdout, stderr } = await firstLineOf(p.cacheHome, ["logs", "--", query, ...extra]);
      assert.deepEqual(
        { status, lines: stdout.split("\n").length - 1, stderr },
        { status: 0, lines: 1, stderr: "" },
        extra.join(" "),
      );
    }
  });

  core("stores the lines in the bucket once they are flushed", async () => {
    const began = new Date(Date.now() - 5_000);
    await p.flush();
    await p.asRoot(async ({ client }) => {
      const { chunks: bucket } = p.settings.minio.buckets;
      await waitFor("a chunk that holds the unique line", 60, async () => {
        const objects = await objectNames(client, bucket, `${p.settings.tenant}/`);
        for (const { name } of objects.filter(({ lastModified }) => lastModified >= began)) {
          if (chunkText(await objectBytes(client, bucket, name)).includes(token)) return true;
        }
        return undefined;
      });
    });
    assert.deepEqual(await found(`{namespace="${namespace}"} |= "${token}"`), [`unique ${token}`]);
  });
});
