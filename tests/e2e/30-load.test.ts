import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { settle, startLoad, type Load } from "./support/load";
import { platform } from "./support/platform";
import { core, full } from "./support/sizes";
import { waitFor } from "./support/wait";

/** Each writes numbered lines, breaks something meanwhile, and reads every line back. */
describe("under load, every line is read back once", () => {
  const p = platform();

  before(async () => p.ensureUp());

  const holdsWhile = async (context: Mocha.Context, name: string, fault: (load: Load) => Promise<void>, check?: (load: Load) => Promise<void>) => {
    const load = await startLoad(p, name);
    try {
      await fault(load);
      const { verdict, counted, text } = await settle(p, load);
      context.test!.title += ` (${text})`;
      assert.deepEqual(verdict, { missing: [], duplicate: [], altered: [] }, text);
      assert.equal(counted, load.run.writers * load.run.count, "Loki counts other than it shows");
      await check?.(load);
    } finally {
      await p.cluster.removeNamespace(load.namespace);
    }
  };
  const lokiAnswers = async () => waitFor("Loki", 120, async () => ((await p.askLoki("/loki/api/v1/labels")).ok ? true : undefined));

  full("the next one has the same load, and a fault in it", "while nothing happens", async function () {
    await holdsWhile(this, "calm", () => sleep(20_000));
  });

  core("while Loki's pod is deleted", async function () {
    await holdsWhile(this, "lokirestart", async () => {
      await p.cluster.restart(p.workloads.loki);
      await lokiAnswers();
    });
  });

  full("the short faults have Loki away, and Alloy killed meanwhile", "while Loki is down for two minutes", async function () {
    await holdsWhile(this, "lokidown", async () => {
      await p.cluster.scale(p.workloads.loki, 0);
      await sleep(120_000);
      await p.cluster.scale(p.workloads.loki, p.workloads.loki.replicas);
      await lokiAnswers();
    });
  });

  full("another source of lines than that of the short faults, which kill Alloy", "while Alloy's pods are deleted, whose positions go with them", async function () {
    await p.withSettings({ alloy: { source: "kubernetes-api" } }, async (changed) => {
      assert.deepEqual(changed, ["update Namespace logharbor-alloy-namespace", "update Release logharbor-alloy-release"]);
      await holdsWhile(this, "alloyrestart", () => p.cluster.restart(p.workloads.alloy));
    });
  });

  core("while Alloy reads the nodes' files, and goes on where it was after its pods are deleted", async function () {
    const linesRead = async ({ namespace }: Load) => p.alloyMetric("loki_source_file_read_lines_total", `${namespace}_writer-0_`);
    const restart = async (load: Load) => {
      // Before it has read some, there is no position to go on from: it notes one down every 10 s.
      await waitFor("Alloy to read", 60, async () => ((await linesRead(load)) > 500 ? true : undefined), 1_000);
      await p.cluster.restart(p.workloads.alloy);
    };
    await holdsWhile(this, "files", restart, async (load) => {
      const read = await linesRead(load);
      assert.ok(read > 0 && read < load.run.count, `it read ${read} of ${load.run.count} lines after its restart`);
    });
  });

  full("three minutes; the short faults kill a server of MinIO", "while MinIO's pod is deleted, and then MinIO is down for a minute as Loki wants to write chunks", async function () {
    await holdsWhile(this, "minio", async () => {
      await p.cluster.restart(p.workloads.minio);
      await p.flush();
      await p.cluster.scale(p.workloads.minio, 0);
      await p.flush();
      await sleep(60_000);
      await p.cluster.scale(p.workloads.minio, p.workloads.minio.replicas);
      await p.flush();
    });
  });
});
