import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Fault } from "./fault";

const lokiAway = ["write", "read", "backend"] as const;

/** Files that the kubelet has of the load's containers, beyond the one that each writes to. */
function rotatedFiles({ root }: Bench, namespace: string): number {
  const logs = join(root, "var/log/pods");
  const files = readdirSync(logs)
    .filter((name) => name.startsWith(`${namespace}_`))
    .flatMap((name) => readdirSync(join(logs, name, "shell")));
  return files.filter((name) => name !== "0.log").length;
}

/** Faults of the collector, while Loki takes nothing. */
export const alloyFaults: readonly Fault[] = [
  {
    name: "alloy",
    what: (short) => `Alloy killed ${short ? "1 time" : "5 times"} in the middle of an outage of Loki`,
    how: "Loki scaled to 0; SIGKILL to Alloy's process through containerd",
    load: "pods",
    // One batch of loki.write, for each time that it is killed.
    undelivered: 5 << 20,
    run: async ({ replicas, processes, short }) => {
      await replicas.remove(...lokiAway);
      for (let kill = 0; kill < (short ? 1 : 5); kill++) {
        // Longer than Alloy waits before it notes down how far it has read.
        await sleep(20_000);
        const [pod] = await replicas.podsOf("alloy");
        await processes.kill(pod!);
      }
      await sleep(15_000);
      await replicas.restore(...lokiAway);
    },
  },
  {
    name: "rotation",
    // Not held yet: what is rotated away while Alloy waits for Loki is lost. The full form tells how much.
    fullOnly: true,
    what: () => "logs rotated in the middle of an outage of Loki",
    how: "Loki scaled to 0 while two pods fill the kubelet's log files of 10 MiB",
    load: "rotated pods",
    run: async (bench) => {
      await bench.replicas.remove(...lokiAway);
      const before = rotatedFiles(bench, "faults-rotation");
      await sleep(bench.short ? 50_000 : 130_000);
      const rotations = rotatedFiles(bench, "faults-rotation") - before;
      bench.note(`${rotations} rotations during the outage`);
      if (rotations < 2) throw new Error(`only ${rotations} rotations in the time of the outage`);
      await bench.replicas.restore(...lokiAway);
    },
  },
];
