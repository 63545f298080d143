import assert from "node:assert/strict";
import { queryRange } from "../../logs/query";
import { endOf, isFaultless, judge, limitFile, verdictText, writerScript, type LoadRun, type Verdict } from "./oracle";
import type { Platform } from "./platform";
import { readAll } from "./readBack";
import { waitFor } from "./wait";

/** Lines a second of each writer. */
const linesPerSecond = 100;
/** The writing pods; the index of each is its number in the run. */
export const writers: readonly string[] = ["writer-0", "writer-1"];

/** A running load. */
export interface Load {
  run: LoadRun;
  namespace: string;
  began: Date;
}

/** What a writer's shell does besides its lines: once before them, and ten times a second. */
export interface Beside {
  before: string;
  each: string;
}

/**
 * Starts two pods that write numbered lines until `settle` ends them. Returns when Loki has a line of each, because
 * from then on Alloy has their logs open.
 */
export async function startLoad(
  { cluster, loki }: Platform,
  name: string,
  namespace = `e2e-load-${name}`,
  beside?: Beside,
): Promise<Load> {
  const run: LoadRun = {
    id: `${name.replace(/\W/g, "")}${Date.now().toString(36)}`,
    writers: writers.length,
    count: Infinity,
  };
  const began = new Date(Date.now() - 5_000);
  await cluster.createNamespace(namespace);
  const script = (writer: number) =>
    `${beside?.before ?? ""}\n${writerScript(run, writer, linesPerSecond, beside?.each)}`;
  await cluster.runShells(
    namespace,
    writers.map((pod, writer) => ({ name: pod, app: "writer", script: script(writer) })),
  );
  await Promise.all(
    writers.map(async (pod, writer) =>
      waitFor(`a line of ${pod}`, 120, async () => {
        const [line] = await queryRange(loki, {
          query: `{namespace="${namespace}"} |= "run=${run.id} writer=${writer} "`,
          start: began,
          limit: 1,
        });
        return line;
      }),
    ),
  );
  return { run, namespace, began };
}

/** Makes all writers end at the same line, a little later than now. */
async function endWriters({ cluster }: Platform, { run, namespace }: Load): Promise<void> {
  const reached = await Promise.all(
    writers.map(async (name) => {
      const text = await cluster.core.readNamespacedPodLog({ namespace, name, tailLines: 200 });
      return Math.max(...[...text.matchAll(/ seq=(\d+) /g)].map(([, sequence]) => Number(sequence)));
    }),
  );
  run.count = Math.max(...reached) + 5 * linesPerSecond;
  await Promise.all(
    writers.map(async (name) =>
      cluster.inShell(namespace, name, `echo ${run.count} > ${limitFile}.new && mv ${limitFile}.new ${limitFile}`),
    ),
  );
}

/** When the writers ended, by the node's clock; undefined while they write. */
async function endOfLoad({ cluster }: Platform, { run, namespace }: Load): Promise<Date | undefined> {
  const ends = await Promise.all(
    writers.map(async (name, writer) => {
      const text = await cluster.core.readNamespacedPodLog({ namespace, name, tailLines: 1, timestamps: true });
      const [time, ...rest] = text.trimEnd().split(" ");
      return rest.join(" ") === endOf(run.id, writer) ? new Date(time!) : undefined;
    }),
  );
  return ends.every((end) => end !== undefined) ? new Date(Math.max(...ends.map((end) => end.getTime()))) : undefined;
}

/** Lines that have not arrived for this long, though later ones have, do not come any more. */
const quietMs = 20_000;

/**
 * Ends a load, reads every line back and compares; also has Loki count them. Asks again for missing lines while lines
 * still arrive, then gives the verdict.
 */
export async function settle(
  platform: Platform,
  load: Load,
): Promise<{ verdict: Verdict; counted: number; text: string }> {
  const { run, namespace, began } = load;
  await endWriters(platform, load);
  const ended = await waitFor("the end of the load", 120, () => endOfLoad(platform, load), 1_000);

  const last = `{namespace="${namespace}"} |= "run=${run.id}" |= "ended"`;
  const arrived = await waitFor(
    "the last line of each writer",
    180,
    async () => {
      const lines = await queryRange(platform.loki, { query: last, start: began });
      return lines.length >= run.writers ? Date.now() : undefined;
    },
    1_000,
  );

  let verdict: Verdict | undefined;
  let [missing, news] = [Infinity, Date.now()];
  await waitFor(
    "every line",
    45,
    async () => {
      const entries = await readAll(platform.loki, `{namespace="${namespace}"} |= "run="`, began);
      verdict = judge(
        run,
        entries.map(({ line }) => line),
      );
      if (verdict.missing.length < missing) [missing, news] = [verdict.missing.length, Date.now()];
      return isFaultless(verdict) || Date.now() - news > quietMs ? true : undefined;
    },
    5_000,
  ).catch(() => undefined);
  if (verdict === undefined) throw new Error("the lines could not be read back");
  const counted = await platform.count(`{namespace="${namespace}"} |= "seq="`, began);
  return {
    verdict,
    counted,
    text: `${verdictText(run, verdict)}; the last one arrived ${Math.round((arrived - ended.getTime()) / 1000)} s after it was written`,
  };
}

/**
 * Breaks something while a load runs. Afterwards Loki must return and count each of its lines once, unchanged. The
 * title of the test shows how many lines there were.
 * @param check what else to check, once all lines are read back
 */
export async function holdsWhile(
  context: Mocha.Context,
  { platform, name }: { platform: Platform; name: string },
  fault: (load: Load) => Promise<void>,
  check?: (load: Load) => Promise<void>,
): Promise<void> {
  const load = await startLoad(platform, name);
  try {
    await fault(load);
    const { verdict, counted, text } = await settle(platform, load);
    context.test!.title += ` (${text})`;
    assert.deepEqual(verdict, { missing: [], duplicate: [], altered: [] }, text);
    assert.equal(counted, load.run.writers * load.run.count, "Loki counts other lines than it returns");
    await check?.(load);
  } finally {
    await platform.cluster.removeNamespace(load.namespace);
  }
}
