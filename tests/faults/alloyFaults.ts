import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../support/wait";
import { whileLokiIsAway, type Bench, type Fault } from "./fault";
import { fillLogs, namespaceOf } from "./podLoad";

/** Log files that the kubelet keeps for each container of the load, besides the one that it writes to. */
function rotations({ root }: Bench, fault: string): number[] {
  const logs = join(root, "var/log/pods");
  const containers = readdirSync(logs).filter((name) => name.startsWith(`${namespaceOf(fault)}_`));
  if (containers.length === 0) throw new Error(`no pod in ${namespaceOf(fault)} has logs in ${logs}`);
  return containers.map((name) => readdirSync(join(logs, name, "shell")).filter((file) => file !== "0.log").length);
}

/** Faults of the collector while Loki accepts nothing. */
export const alloyFaults: readonly Fault[] = [
  {
    name: "alloy",
    what: ({ short }) => `Alloy killed ${short ? "1 time" : "5 times"} in the middle of an outage of Loki`,
    how: "Loki scaled to 0; SIGKILL to Alloy's process through containerd",
    load: "pods",
    size: "short",
    // One batch of loki.write for each kill.
    undelivered: 5 << 20,
    alerts: {
      fire: ["LogharborLokiDown"],
      mayFire: [
        "LogharborLokiRequestErrors",
        "LogharborRulerFailing",
        "LogharborAlloyRetrying",
        "LogharborAlloyDown",
        "LogharborAlloyPodDown",
      ],
    },
    run: async ({ replicas, processes, short }) => {
      await replicas.remove(...replicas.lokiParts);
      for (let kill = 0; kill < (short ? 1 : 5); kill++) {
        // Longer than Alloy waits before it saves how far it has read.
        await sleep(20_000);
        const [pod] = await replicas.podsOf("alloy");
        await processes.kill(pod!);
      }
      await sleep(short ? 5_000 : 15_000);
      await replicas.restore(...replicas.lokiParts);
    },
  },
  {
    name: "rotation",
    what: () => "logs rotated once in the middle of an outage of Loki",
    how: "Loki scaled to 0, then two pods fill their logs until the kubelet has rotated the file of 10 MiB of each",
    load: "pods",
    size: "short",
    alerts: whileLokiIsAway,
    run: async (bench) => {
      await bench.replicas.remove(...bench.replicas.lokiParts);
      await fillLogs(bench.platform, "rotation", true);
      await waitFor(
        "a rotation of every log",
        150,
        () => Promise.resolve(rotations(bench, "rotation").every((count) => count > 0) ? true : undefined),
        1_000,
      );
      // A second rotation before Alloy has caught up would lose lines.
      await fillLogs(bench.platform, "rotation", false);
      await bench.replicas.restore(...bench.replicas.lokiParts);
      bench.note(`rotations when Loki was back: ${rotations(bench, "rotation").join(", ")}`);
    },
  },
  {
    name: "rotations",
    size: {
      fullOnly:
        "Alloy cannot reach what the kubelet rotates away a second time: the row only measures how much that is",
    },
    what: () => "logs rotated several times in the middle of an outage of Loki",
    how: "Loki scaled to 0, then two pods fill the kubelet's log files of 10 MiB for four minutes",
    load: "pods",
    undelivered: Infinity,
    alerts: whileLokiIsAway,
    run: async (bench) => {
      await bench.replicas.remove(...bench.replicas.lokiParts);
      await fillLogs(bench.platform, "rotations", true);
      await sleep(240_000);
      await fillLogs(bench.platform, "rotations", false);
      const counts = rotations(bench, "rotations");
      bench.note(`rotations during the outage: ${counts.join(", ")}`);
      if (counts.some((count) => count < 2)) throw new Error("fewer than two rotations of each log during the outage");
      await bench.replicas.restore(...bench.replicas.lokiParts);
    },
  },
  {
    name: "alloy-away",
    what: () => "Alloy away for 90 seconds",
    how: "SIGKILL to Alloy's process through containerd, again whenever it was back",
    size: { fullOnly: "the row of the killed Alloy is harder: Loki is away too" },
    load: "pods",
    alerts: { fire: ["LogharborAlloyDown", "LogharborAlloyPodDown"] },
    run: async ({ replicas, processes }) => processes.holdDown(await replicas.podsOf("alloy"), 90),
  },
];
