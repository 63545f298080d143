import { queryRange } from "../../../automation/query";
import { endOf, isFaultless, judge, verdictText, writerScript, type LoadRun, type Verdict } from "./oracle";
import type { Platform } from "./platform";
import { readAll } from "./readBack";
import { waitFor } from "./wait";

const writers = 2;
/** Of each writer. */
const usualLinesPerSecond = 100;

/** A load that is running. */
export interface Load {
  run: LoadRun;
  namespace: string;
  began: Date;
}

/** Starts two pods that write numbered lines for about `seconds`, each that many lines a second at most. */
export async function startLoad(platform: Platform, name: string, seconds: number, linesPerSecond = usualLinesPerSecond): Promise<Load> {
  const run: LoadRun = { id: `${name}${Date.now().toString(36)}`, writers, count: Math.round(seconds * linesPerSecond * 0.9) };
  const namespace = `e2e-load-${name}`;
  const began = new Date(Date.now() - 5_000);
  await platform.cluster.createNamespace(namespace);
  const pods = Array.from({ length: writers }, (_, writer) => ({ name: `writer-${writer}`, app: "writer", script: writerScript(run, writer, linesPerSecond) }));
  await platform.cluster.runShells(namespace, pods);
  return { run, namespace, began };
}

/** When the writers were done, by the clock of the node; undefined while they write. */
export async function endOfLoad(platform: Platform, { run, namespace }: Load): Promise<Date | undefined> {
  const ends = await Promise.all(
    Array.from({ length: run.writers }, async (_, writer) => {
      const text = await platform.cluster.core.readNamespacedPodLog({ namespace, name: `writer-${writer}`, tailLines: 1, timestamps: true });
      const [time, ...rest] = text.trimEnd().split(" ");
      return rest.join(" ") === endOf(run.id, writer) ? new Date(time!) : undefined;
    }),
  );
  return ends.every((end) => end !== undefined) ? new Date(Math.max(...ends.map((end) => end.getTime()))) : undefined;
}

/**
 * Waits for the end of a load, reads every line back and compares; has Loki count them, too. Asks once more for what is missing while lines still
 * arrive, then gives the verdict.
 * @param faultEnded the load must have gone on beyond this moment, or the fault was not one under load
 */
export async function settle(platform: Platform, load: Load, faultEnded: Date): Promise<{ verdict: Verdict; counted: number; text: string }> {
  const { run, namespace, began } = load;
  const ended = await waitFor("the end of the load", 300, () => endOfLoad(platform, load), 1_000);
  if (ended < faultEnded) throw new Error(`the load ended ${(faultEnded.getTime() - ended.getTime()) / 1000} s before the fault did: it proves nothing`);

  const last = `{namespace="${namespace}"} |= "run=${run.id}" |= "ended"`;
  const arrived = await waitFor("the last line of each writer", 180, async () => {
    const lines = await queryRange(platform.loki, { query: last, start: began });
    return lines.length >= run.writers ? Date.now() : undefined;
  }, 1_000);

  let verdict: Verdict | undefined;
  await waitFor("every line", 45, async () => {
    const entries = await readAll(platform.loki, `{namespace="${namespace}"} |= "run="`, began);
    verdict = judge(run, entries.map(({ line }) => line));
    return isFaultless(verdict) ? true : undefined;
  }, 5_000).catch(() => undefined);
  if (verdict === undefined) throw new Error("the lines could not be read back");
  const counted = await platform.count(`{namespace="${namespace}"} |= "seq="`, began);
  return { verdict, counted, text: `${verdictText(run, verdict)}; the last was there ${Math.round((arrived - ended.getTime()) / 1000)} s after it was written` };
}

