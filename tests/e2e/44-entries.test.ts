import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tracePresetNames } from "../../domain/tracePresets";
import { cacheDir } from "../../local/cache";
import { collectName } from "../../render/alloy/collect";
import { maskOf } from "../../render/alloy/mask";
import { multilineAnnotation } from "../../render/alloy/multiline";
import { Loki } from "../benchmarks/encodings/lokiProcess";
import { AlloyProcess, alloyProgram, writeLog } from "../support/alloyProcess";
import type { KnownPod } from "../support/apiServerDouble";
import { harmlessLines } from "../support/harmlessLines";
import { readAll } from "../support/readBack";
import { secretSamples } from "../support/secretSamples";
import { full } from "../support/sizes";
import type { Overrides } from "../support/stack";
import { containerEntries, isBare, traces } from "../support/traces";
import { waitFor } from "../support/wait";

const lokiProgram = join(cacheDir(), "bin", "loki");
const pod: KnownPod = { namespace: "shop", name: "web-0", uid: "uid-0", labels: { app: "web" } };

/**
 * Real Alloy and real Loki as processes of this machine, with the pipeline that the product renders. A double stands in
 * for the API server.
 */
describe("entries, as Alloy makes them of lines", () => {
  const dirs: string[] = [];
  const newDir = () => {
    const dir = mkdtempSync(join(tmpdir(), "entries-"));
    dirs.push(dir);
    return dir;
  };
  const lokiDir = newDir();
  let loki: Loki;

  before(async function () {
    if (!existsSync(alloyProgram) || !existsSync(lokiProgram)) {
      console.log("      skipped: Alloy and Loki run in containers here");
      this.skip();
    }
    // Uncompressed, so that the stored chunks can be searched.
    loki = await Loki.start({ bin: lokiProgram, dir: lokiDir, encoding: "none", writes: true });
  });
  after(() => {
    loki?.kill();
    dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true }));
  });

  /** Runs an Alloy with these settings and pods. */
  const withAlloy = async (
    alloy: Overrides,
    pods: KnownPod[],
    work: (alloy: AlloyProcess, dir: string) => Promise<void>,
  ) => {
    const dir = newDir();
    const running = await AlloyProcess.start({ dir, lokiUrl: loki.url, pods, alloy });
    try {
      await work(running, dir);
    } finally {
      await running.stop();
    }
  };
  const began = new Date(Date.now() - 60_000);
  const stored = async (query: string, count: number) =>
    waitFor(`${count} entries`, 60, async () => {
      const entries = await readAll({ url: loki.url, tenant: "any" }, query, began);
      return entries.length >= count ? entries : undefined;
    });

  full(
    "half a minute; unit tests hold the expressions",
    "have each secret masked, and nothing else changed",
    async () => {
      await withAlloy({}, [pod], async (alloy, dir) => {
        writeLog(
          dir,
          pod,
          secretSamples.map(({ line }) => line),
          { container: "secrets" },
        );
        writeLog(dir, pod, harmlessLines, { container: "harmless" });
        const linesOf = async (container: string, count: number) =>
          (await stored(`{namespace="shop", container="${container}"}`, count)).map(({ line }) => line);
        assert.deepEqual(
          await linesOf("secrets", secretSamples.length),
          secretSamples.map(({ kind, secret, line }) => line.replace(secret, () => maskOf(kind))),
        );
        assert.deepEqual(await linesOf("harmless", harmlessLines.length), harmlessLines);
        assert.equal(await alloy.metric("logharbor_masked_lines_total", 'namespace="shop"'), secretSamples.length);
        await loki.flush();
        const chunks = readdirSync(join(lokiDir, "chunks"), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
        const holds = (text: string) => chunks.some((chunk) => chunk.includes(text));
        assert.ok(holds(harmlessLines[0]!) && holds(maskOf("jwt")), "the chunks can be searched");
        assert.deepEqual(
          secretSamples.filter(({ secret }) => holds(secret)),
          [],
        );
      });
    },
  );

  const rules = tracePresetNames.map((preset) => ({ namespace: preset, preset }));
  const podOf = (namespace: string, annotations = {}): KnownPod => ({ ...pod, namespace, annotations });
  const texts = async (query: string, count: number) => (await stored(query, count)).map(({ line }) => line);

  full("a minute; unit tests hold the expressions", "have stack traces whole, byte for byte", async () => {
    const pods = tracePresetNames.map((name) => podOf(name));
    await withAlloy({ multiline: { rules } }, pods, async (_, dir) => {
      for (const [index, name] of tracePresetNames.entries()) {
        // Two containers and both streams of one of them, in turn.
        const all = containerEntries[name].map((entry) => entry.split("\n"));
        for (const lines of all) {
          for (const line of lines) {
            writeLog(dir, pods[index]!, [line], { container: "one" });
            writeLog(dir, pods[index]!, [line], { container: "two" });
            writeLog(dir, pods[index]!, [line], { container: "two", stream: "stderr" });
          }
        }
        for (const [number, text] of traces[name].filter((trace) => isBare(name, trace)).entries())
          writeLog(dir, pods[index]!, text.split("\n"), { container: `bare-${number}` });
      }
      for (const name of tracePresetNames) {
        const [entries, bare] = [containerEntries[name], traces[name].filter((trace) => isBare(name, trace))];
        const count = entries.length;
        assert.deepEqual(await texts(`{namespace="${name}", container="one"}`, count), entries);
        for (const stream of ["stdout", "stderr"])
          assert.deepEqual(await texts(`{namespace="${name}", container="two"} | stream="${stream}"`, count), entries);
        assert.deepEqual(
          (await texts(`{namespace="${name}", container=~"bare.*"}`, bare.length)).sort(),
          [...bare].sort(),
        );
      }
    });
  });

  full(
    "a minute; unit tests hold the pipeline",
    "follow a pod's annotation, and are bounded: long lines, long traces, a trace that never ends",
    async () => {
      const [chosen, other] = [
        podOf("chosen", { [multilineAnnotation]: "java" }),
        podOf("other", { [multilineAnnotation]: "cobol" }),
      ];
      const multiline = { annotation: true, maxLines: 100, maxWaitSeconds: 1 };
      await withAlloy({ multiline }, [chosen, other], async (alloy, dir) => {
        const long = `ERROR ${"é".repeat(20_000)}\njava.lang.Error: ${"x".repeat(40_000)}\n\tat A.b(A.java:1)`;
        const huge = ["ERROR huge", ...Array.from({ length: 20 }, () => `\tat ${"y".repeat(30_000)}`)].join("\n");
        const endless = ["ERROR endless", ...Array.from({ length: 1049 }, (_, index) => `\tat A.a${index}(A.java:1)`)];
        writeLog(dir, chosen, long.split("\n"), { container: "long" });
        writeLog(dir, chosen, huge.split("\n"), { container: "huge" });
        writeLog(dir, chosen, endless, { container: "endless" });
        writeLog(dir, other, ["ERROR a", "\tat A.b(A.java:1)"]);
        assert.deepEqual(await texts('{namespace="chosen", container="long"}', 1), [long]);
        const [cut] = await texts('{namespace="chosen", container="huge"}', 1);
        assert.equal(cut, `${huge.slice(0, 262_144 - "<truncated>".length)}<truncated>`);
        assert.equal(await alloy.metric("loki_process_truncated_fields_total"), 1);
        const parts = await texts('{namespace="chosen", container="endless"}', 11);
        assert.deepEqual(
          parts.map((part) => part.split("\n").length).sort((a, b) => a - b),
          [50, ...Array.from({ length: 10 }, () => 100)],
        );
        assert.deepEqual(parts.flatMap((part) => part.split("\n")).sort(), [...endless].sort());
        assert.deepEqual(await texts('{namespace="other"}', 2), ["ERROR a", "\tat A.b(A.java:1)"]);
      });
    },
  );

  full("a minute", "lose at most the open entry of a container when Alloy is stopped or killed", async () => {
    for (const [signal, namespace] of [
      ["SIGTERM", "stopped"],
      ["SIGKILL", "killed"],
    ] as const) {
      const dir = newDir();
      const place = {
        dir,
        lokiUrl: loki.url,
        pods: [podOf(namespace)],
        alloy: { multiline: { rules: [{ preset: "java" }] } },
      };
      const entries = Array.from(
        { length: 200 },
        (_, index) => `ERROR ${index}\njava.lang.Error: x\n\tat A.b(A.java:${index})`,
      );
      const first = await AlloyProcess.start(place);
      for (const entry of entries.slice(0, 100)) writeLog(dir, podOf(namespace), entry.split("\n"));
      // The 101st is cut in the middle, while it is open.
      writeLog(dir, podOf(namespace), entries[100]!.split("\n").slice(0, 2));
      await texts(`{namespace="${namespace}"}`, 99);
      await sleep(1_000);
      await first.stop(signal);
      writeLog(dir, podOf(namespace), entries[100]!.split("\n").slice(2));
      for (const entry of entries.slice(101)) writeLog(dir, podOf(namespace), entry.split("\n"));
      const second = await AlloyProcess.start(place);
      await sleep(15_000);
      const found = await texts(`{namespace="${namespace}"}`, 100);
      await second.stop();
      const cut = entries.filter((entry) => !found.includes(entry));
      const others = found.filter((entry) => !entries.includes(entry));
      console.log(`      ${signal}: not whole ${JSON.stringify(cut)}, stored besides ${JSON.stringify(others)}`);
      assert.deepEqual(
        cut.filter((entry) => entry !== entries[100]),
        [],
        "an entry that was not open",
      );
    }
  });

  full(
    "half a minute; unit tests hold the expressions",
    "are kept, dropped or thinned out by rules, and counted",
    async () => {
      const rules = [
        { name: "audit", action: "keep", pattern: "audit" },
        { name: "no-debug", action: "drop", namespace: "ruled", level: "debug" },
        { name: "health", action: "sample", percent: 10, app: "web", pattern: "GET /healthz" },
      ];
      await withAlloy({ rules }, [podOf("ruled")], async (alloy, dir) => {
        const kept = ["level=debug audit: a", "level=info b", "last"];
        writeLog(dir, podOf("ruled"), [
          ...Array.from({ length: 1000 }, (_, index) => `GET /healthz ${index}`),
          "level=debug dropped",
          "DEBUG dropped",
          ...kept,
        ]);
        await texts('{namespace="ruled"} |= "last"', 1);
        assert.deepEqual(await texts('{namespace="ruled"} != "healthz"', 3), kept);
        const sampled = (await texts('{namespace="ruled"} |= "healthz"', 1)).length;
        assert.ok(sampled > 50 && sampled < 170, `${sampled} of 1000`);
        const dropped = (rule: string) => alloy.metric("loki_process_dropped_lines_total", `reason="rule_${rule}"`);
        assert.deepEqual([await dropped("no-debug"), await dropped("health")], [2, 1000 - sampled]);
      });
    },
  );

  full(
    "half a minute; a core test opts pods out",
    "are collected only of pods that opt in, by annotation or label, where that is set",
    async () => {
      const [yes, no] = [{ [collectName]: "true" }, { [collectName]: "false" }];
      const opting = (name: string, more: Partial<KnownPod> = {}): KnownPod => ({
        ...pod,
        name,
        namespace: "opting",
        uid: name,
        ...more,
      });
      const pods = [
        opting("in-annotated", { annotations: yes }),
        opting("in-labelled", { labels: yes }),
        opting("out-annotated", { annotations: no }),
        opting("out-labelled", { labels: no }),
        opting("torn", { annotations: yes, labels: no }),
        opting("silent"),
        opting("in-by-namespace", { namespace: "opting-in", home: { labels: yes } }),
        opting("out-after-all", { namespace: "opting-in", home: { labels: yes }, labels: no }),
        opting("out-by-namespace", { namespace: "opting-out", home: { labels: no }, annotations: yes }),
      ];
      await withAlloy({ collect: "annotated" }, pods, async (alloy, dir) => {
        for (const one of pods) writeLog(dir, one, [`of ${one.name}`]);
        const dropped = (reason: string) => alloy.metric("loki_process_dropped_lines_total", `reason="${reason}"`);
        await waitFor("the drops", 30, async () =>
          (await dropped("not_opted_in")) === 1 && (await dropped("opted_out")) === 5 ? true : undefined,
        );
        assert.deepEqual((await texts('{namespace=~"opting.*"}', 3)).sort(), [
          "of in-annotated",
          "of in-by-namespace",
          "of in-labelled",
        ]);
      });
    },
  );

  full(
    "half a minute; golden files hold the pipeline",
    "have chosen fields as metadata, and stay as they were",
    async () => {
      const lines = [
        '{"level":"WARNING","trace_id":"4bf92f35","user":42,"msg":"a"}',
        'level=error trace_id=4bf92f36 user="j d" msg="b c"',
        "no fields here: trace_id",
        '{"trace_id": broken',
      ];
      await withAlloy({ fields: ["trace_id", "user"] }, [podOf("fields")], async (_, dir) => {
        writeLog(dir, podOf("fields"), lines);
        const entries = await stored('{namespace="fields"}', lines.length);
        assert.deepEqual(
          entries.map(({ line, metadata: { trace_id, user, detected_level } }) => [
            line,
            trace_id,
            user,
            detected_level,
          ]),
          [
            [lines[0], "4bf92f35", "42", "warn"],
            [lines[1], "4bf92f36", "j d", "error"],
            [lines[2], undefined, undefined, "unknown"],
            [lines[3], undefined, undefined, "unknown"],
          ],
        );
        assert.equal((await stored('{namespace="fields"} | trace_id="4bf92f36"', 1)).length, 1);
      });
    },
  );

  full(
    "half a minute; golden files hold the pipeline, and another test of the full run has the gateway",
    "belong to the tenant of their namespace, and a refusal of one tenant costs only its own lines",
    async () => {
      const own = "logharbor"; // the setting's default
      const tenants = { "shop-a": "team-a", "shop-b": "team-a", billing: "team.b" };
      const pods = [...Object.keys(tenants), "other"].map((namespace) => podOf(namespace));
      const strict = await Loki.start({
        bin: lokiProgram,
        dir: newDir(),
        encoding: "none",
        writes: true,
        overrides: { "team.b": { max_global_streams_per_user: 1 } },
      });
      const dir = newDir();
      const limits = { namespaceLinesPerSecond: 1000 };
      const alloy = await AlloyProcess.start({ dir, lokiUrl: strict.url, pods, alloy: { tenants, limits } });
      try {
        const read = async (tenant: string, query = '{namespace=~".+"}') =>
          (await readAll({ url: strict.url, tenant }, query, began)).map(({ line }) => line).sort();
        writeLog(dir, podOf("billing"), ["of billing"]);
        await waitFor("the first line", 60, async () => ((await read("team.b")).length === 1 ? true : undefined));
        // A second stream is one too many for this tenant, in the same seconds as lines of the others.
        writeLog(dir, podOf("billing"), ["refused"], { container: "sidecar" });
        for (const namespace of ["shop-a", "shop-b", "other"]) writeLog(dir, podOf(namespace), [`of ${namespace}`]);
        await waitFor("the refusal", 60, async () =>
          (await alloy.metric("loki_write_dropped_entries_total", 'tenant="team.b"')) === 1 ? true : undefined,
        );
        await waitFor("the others' lines", 30, async () => ((await read("team-a")).length === 2 ? true : undefined));
        const matrix = Object.fromEntries(
          await Promise.all([own, "team-a", "team.b"].map(async (name) => [name, await read(name)] as const)),
        );
        assert.deepEqual(matrix, {
          [own]: ["of other"],
          "team-a": ["of shop-a", "of shop-b"],
          "team.b": ["of billing"],
        });
        assert.equal(await alloy.metric("loki_write_dropped_entries_total"), 1);
      } finally {
        await alloy.stop();
        strict.kill();
      }
    },
  );
});
