import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../local/cache";
import { maskOf } from "../../render/alloy/mask";
import { Loki } from "../benchmarks/encodings/lokiProcess";
import { AlloyProcess, alloyProgram, writeLog } from "../support/alloyProcess";
import type { KnownPod } from "../support/apiServerDouble";
import { harmlessLines } from "../support/harmlessLines";
import { readAll } from "../support/readBack";
import { secretSamples } from "../support/secretSamples";
import { full } from "../support/sizes";
import type { Overrides } from "../support/stack";
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
  let loki: Loki;

  before(async function () {
    if (!existsSync(alloyProgram) || !existsSync(lokiProgram)) {
      console.log("      skipped: Alloy and Loki run in containers here");
      this.skip();
    }
    loki = await Loki.start({ bin: lokiProgram, dir: newDir(), encoding: "snappy", writes: true });
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
      });
    },
  );
});
