import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { holdsWhile, type Load } from "../support/load";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

/** Each writes numbered lines, breaks something meanwhile, and reads every line back. */
describe("under load, every line is read back once", () => {
  const p = platform();

  before(async () => p.ensureUp());

  const lokiAnswers = async () =>
    waitFor("Loki", 120, async () => ((await p.askLoki("/loki/api/v1/labels")).ok ? true : undefined));

  full("every other load has a calm time before its fault", "while nothing happens", async function () {
    await holdsWhile(this, { platform: p, name: "calm" }, () => sleep(20_000));
  });

  full("20-settings has the same load while an up replaces that pod", "while Loki's pod is deleted", async function () {
    await holdsWhile(this, { platform: p, name: "lokirestart" }, async () => {
      await p.cluster.restart(p.workloads.loki);
      await lokiAnswers();
    });
  });

  full(
    "the short faults take Loki away, and kill Alloy meanwhile",
    "while Loki is down for two minutes",
    async function () {
      await holdsWhile(this, { platform: p, name: "lokidown" }, async () => {
        await p.cluster.scale(p.workloads.loki, 0);
        await sleep(120_000);
        await p.cluster.scale(p.workloads.loki, p.workloads.loki.replicas);
        await lokiAnswers();
      });
    },
  );

  full(
    "two ups for a source that is not the default; 32-lives tests it",
    "while Alloy's pods are deleted, and their positions with them",
    async function () {
      await p.withSettings({ alloy: { source: "kubernetes-api" } }, async (changed) => {
        assert.deepEqual(changed, [
          "update ClusterRole logharbor-alloy-role",
          "update Namespace logharbor-alloy-namespace",
          "update Release logharbor-alloy-release",
        ]);
        await holdsWhile(this, { platform: p, name: "alloyrestart" }, () => p.cluster.restart(p.workloads.alloy));
      });
    },
  );

  full(
    "a minute; the short faults kill an Alloy that reads files too",
    "while Alloy reads the nodes' files, and continues where it was after its pods are deleted",
    async function () {
      const linesRead = async ({ namespace }: Load) =>
        p.alloyMetric("loki_source_file_read_lines_total", `${namespace}_writer-0_`);
      const restart = async (load: Load) => {
        // It saves its position every 10 s. Before it has read something, it has no position to continue from.
        await waitFor("Alloy to read", 60, async () => ((await linesRead(load)) > 500 ? true : undefined), 1_000);
        await p.cluster.restart(p.workloads.alloy);
      };
      await holdsWhile(this, { platform: p, name: "files" }, restart, async (load) => {
        const read = await linesRead(load);
        assert.ok(read > 0 && read < load.run.count, `it read ${read} of ${load.run.count} lines after its restart`);
      });
    },
  );

  full(
    "three minutes; the short faults kill a server of MinIO",
    "while MinIO's pod is deleted, and then MinIO is down for a minute when Loki wants to write chunks",
    async function () {
      await holdsWhile(this, { platform: p, name: "minio" }, async () => {
        await p.cluster.restart(p.workloads.minio);
        await p.flush();
        await p.cluster.scale(p.workloads.minio, 0);
        await p.flush();
        await sleep(60_000);
        await p.cluster.scale(p.workloads.minio, p.workloads.minio.replicas);
        await p.flush();
      });
    },
  );
});
