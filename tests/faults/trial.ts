import { setTimeout as sleep } from "node:timers/promises";
import { textOf } from "../../domain/problem";
import { queryRange } from "../../logs/query";
import { settle } from "../support/load";
import { judge, lineOf, type LoadRun, type Verdict } from "../support/oracle";
import type { Platform } from "../support/platform";
import { readAll } from "../support/readBack";
import { waitFor } from "../support/wait";
import type { Bench, Fault } from "./fault";
import { startPods } from "./podLoad";
import { PushLoad } from "./pushLoad";
import { QueryProbe } from "./queryProbe";
import type { Row } from "./table";

/** Load before the fault and after the recovery, in milliseconds. */
const calmMs = (short: boolean) => (short ? 2_000 : 8_000);
const recoverySeconds = 420;
/** How long an alert may come after the recovery. */
const alertSeconds = 90;

/** A running load of either kind. */
interface RunningLoad {
  query: string;
  began: Date;
  /** Ends the load, and reads everything back. */
  end: () => Promise<{ run: LoadRun; verdict: Verdict; acknowledged: number; refused?: number; refusals: string[] }>;
}

/**
 * Puts the platform through one fault under load, and reads everything back. If something stops this, the row records
 * it as a problem.
 */
export async function tryFault(fault: Fault, bench: Bench): Promise<Row> {
  try {
    return await putThrough(fault, bench);
  } catch (error) {
    const nothing = { sent: 0, acknowledged: 0, readBack: 0, missing: 0, duplicate: 0, altered: 0, recoverySeconds: 0 };
    return {
      fault: fault.name,
      what: fault.what(bench),
      how: fault.how,
      ...nothing,
      refused: undefined,
      notes: [],
      problems: [textOf(error)],
    };
  }
}

async function putThrough(fault: Fault, bench: Bench): Promise<Row> {
  const { replicas, platform, short } = bench;
  const notes: string[] = [];
  const problems: string[] = [];
  let over: Date | undefined;
  const noting: Bench = { ...bench, note: (text) => notes.push(text), over: () => (over = new Date()) };
  await replicas.allReady(recoverySeconds);

  const watch = await bench.watch?.();
  const load = await startLoad(fault, noting);
  const probe = new QueryProbe(platform, load.query);
  await sleep(calmMs(short));
  const attempt = (work: Promise<void> | undefined) =>
    work?.catch((error: unknown) => void problems.push(textOf(error)));

  bench.say(`${fault.name}: ${fault.what(bench)}`);
  await attempt(fault.run(noting));
  const ended = over ?? new Date();
  await attempt(recovered(noting, load));
  const recovery = Math.round((Date.now() - ended.getTime()) / 1000);
  await sleep(calmMs(short));
  await probe.stop();

  await watch?.until(fault.alerts?.fire ?? [], alertSeconds);
  const alerts = await watch?.stop();
  if (alerts !== undefined) problems.push(...wrongAlerts(fault, alerts));

  bench.say(`${fault.name}: reading back`);
  const { run, verdict, acknowledged, refused, refusals } = await load.end();
  const sent = run.writers * run.count;
  const { duplicate, altered } = verdict;
  const lost = verdict.missing.reduce(
    (bytes, line) => bytes + Buffer.byteLength(lineOf(run.id, ...numbersOf(line))),
    0,
  );
  const undelivered = lost > 0 && lost <= (fault.undelivered ?? 0) ? verdict.missing.length : 0;
  const missing = undelivered > 0 ? [] : verdict.missing;
  if (undelivered > 0)
    notes.push(
      `${undelivered} lines (${Math.round(lost / 1024)} KiB) that Alloy had not delivered are lost; Loki never acknowledged them`,
    );
  notes.push(`queries: ${probe.answered} answered, ${probe.failed} failed`, ...refusals);
  if (missing.length + altered.length > 0)
    problems.push(`lines lost or altered, such as ${[...missing, ...altered].slice(0, 3).join("; ")}`);
  if (fault.pushes === "none refused" && refused !== 0) problems.push(`${refused} pushes refused`);
  if (fault.pushes === "some refused" && refused === 0)
    problems.push("no push was refused, so the fault did not strike");
  if (fault.reads === true && probe.failed > 0) problems.push(`${probe.failed} queries failed`);
  return {
    fault: fault.name,
    what: fault.what(bench),
    how: fault.how,
    sent,
    acknowledged: acknowledged - undelivered,
    refused,
    readBack: sent - undelivered - missing.length,
    missing: missing.length,
    duplicate: duplicate.length,
    altered: altered.length,
    recoverySeconds: recovery,
    notes,
    alerts,
    problems,
  };
}

function wrongAlerts({ alerts: { fire, mayFire = [] } = { fire: [] } }: Fault, fired: readonly string[]): string[] {
  return [
    ...fire.filter((name) => !fired.includes(name)).map((name) => `${name} did not fire`),
    ...fired.filter((name) => ![...fire, ...mayFire].includes(name)).map((name) => `${name} fired`),
  ];
}

/** Writer and sequence of a line that a verdict names. */
function numbersOf(line: string): [writer: number, sequence: number] {
  const [writer = 0, sequence = 0] = line.split("/").map(Number);
  return [writer, sequence];
}

/** Waits until all replicas are ready and a query finds lines of the last seconds. */
async function recovered({ replicas, platform }: Bench, load: RunningLoad): Promise<void> {
  const since = new Date();
  await replicas.allReady(recoverySeconds);
  await waitFor("new lines", recoverySeconds, async () => {
    const [newest] = await queryRange(platform.loki, { query: load.query, limit: 1, start: since });
    return newest;
  });
}

async function startLoad(fault: Fault, bench: Bench): Promise<RunningLoad> {
  return fault.load === "push" ? startPushes(fault, bench) : startWriters(fault, bench);
}

async function startPushes({ name }: Fault, { platform }: Bench): Promise<RunningLoad> {
  const load = await PushLoad.start(platform, name);
  return {
    query: load.query,
    began: load.began,
    end: async () => {
      await load.stop();
      const { verdict, late } = await readBack(platform, load);
      const refusals = [...load.refusals].map(([reason, count]) => `refused ${count} x ${reason}`);
      return {
        run: load.run,
        verdict,
        acknowledged: load.acknowledged,
        refused: load.refused,
        refusals: [...(late > 0 ? [`${late} lines found only by a later query`] : []), ...refusals],
      };
    },
  };
}

/**
 * Reads everything back, and repeats that while lines are missing: a query needs only two of three writers, and those
 * may just have come back.
 */
async function readBack(
  { loki }: Platform,
  { query, began, run }: PushLoad,
): Promise<{ verdict: Verdict; late: number }> {
  const read = async () =>
    judge(
      run,
      (await readAll(loki, query, began)).map(({ line }) => line),
    );
  const first = await read();
  let verdict = first;
  for (let time = 0; verdict.missing.length > 0 && time < 10; time++) {
    await sleep(5_000);
    verdict = await read();
  }
  return { verdict, late: first.missing.length - verdict.missing.length };
}

async function startWriters({ name }: Fault, { platform }: Bench): Promise<RunningLoad> {
  const load = await startPods(platform, name);
  return {
    query: `{namespace="${load.namespace}"} |= "run="`,
    began: load.began,
    end: async () => {
      try {
        const { verdict } = await settle(platform, load);
        return { run: load.run, verdict, acknowledged: load.run.writers * load.run.count, refusals: [] };
      } finally {
        await platform.cluster.removeNamespace(load.namespace);
      }
    },
  };
}
