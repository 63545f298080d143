import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../support/wait";
import { whileLokiIsAway, type Bench, type Fault } from "./fault";
import { namespaceOf } from "./podLoad";

const name = "away-days";

/** Days that the outage counts as: one day below the default limit of the settings. */
const days = 6;
/** One line for every six minutes of those days. */
const lines = days * 240;

/**
 * Gives each container of the load a second log, as if it had restarted: a log that was written all through those days,
 * and that nobody has read yet.
 */
function layBacklogs({ root }: Bench): number {
  const logs = join(root, "var/log/pods");
  const pods = readdirSync(logs).filter((folder) => folder.startsWith(`${namespaceOf(name)}_`));
  const [begin, step] = [Date.now() - days * 86_400_000, (days * 86_400_000) / lines];
  for (const pod of pods) {
    const dated = Array.from(
      { length: lines },
      (_, index) => `${new Date(begin + index * step).toISOString()} stdout F late line ${index + 1} of ${pod}\n`,
    );
    writeFileSync(join(logs, pod, "shell", "1.log"), dated.join(""));
  }
  return pods.length * lines;
}

/**
 * An outage of days in a minute or less. Loki judges a line only by its date: by its age, and by how far it is behind the
 * newest line of its stream. So back-dated lines meet the same checks as lines that have waited. Their streams are at
 * "now" as soon as Loki is back, because the pods write all the time, and the backlog is up to 144 hours behind. The
 * row's outage stands for 144 hours; nothing else is scaled.
 */
export const lateLines: Fault = {
  name,
  size: "short",
  what: ({ short }) => `Loki away for ${short ? "20 seconds" : "a minute"} that counts as ${days} days`,
  how:
    "every target of Loki scaled to 0 and back; meanwhile each container of the load gets a second log, " +
    `dated from ${days} days ago to now`,
  load: "pods",
  alerts: whileLokiIsAway,
  run: async (bench) => {
    const { platform, replicas } = bench;
    if (platform.settings.alloy.source !== "files")
      throw new Error("only alloy.source: files reads a log that we put on the node");
    const start = new Date(Date.now() - (days + 1) * 86_400_000);
    await replicas.remove(...replicas.lokiParts);
    const written = layBacklogs(bench);
    await sleep(bench.short ? 20_000 : 60_000);
    await replicas.restore(...replicas.lokiParts);
    let stored = 0;
    const all = async () => {
      stored = await platform.count(`{namespace="${namespaceOf(name)}"} |= "late line"`, start);
      return stored === written ? true : undefined;
    };
    await waitFor("the backlog", 180, all, 2000).catch(() => {
      throw new Error(`${written - stored} of ${written} lines of the backlog are missing`);
    });
    bench.note(`backlog of ${days} days: ${written} lines written, ${stored} read back`);
  },
};
