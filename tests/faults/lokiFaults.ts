import { setTimeout as sleep } from "node:timers/promises";
import { whileLokiIsAway, type Bench, type Fault, type Form } from "./fault";
import { lateLines } from "./lateLines";
import type { Part } from "./replicas";

const killed = "SIGKILL to the containers' first process through containerd";
/** The processes that take in lines, by topology. */
const ingesters = ({ topology }: Form) => (topology === "ha-monolithic" ? "processes of Loki" : "writers");

/** Kills the first `count` replicas of a part and keeps them down. */
async function holdDown({ replicas, processes }: Bench, part: Part, count: number, seconds: number): Promise<void> {
  const pods = await replicas.podsOf(part);
  await processes.holdDown(pods.slice(0, count), seconds);
}

/** Kills one process at a time, and the next one only when all are ready again. */
async function killInTurn({ replicas, processes, say }: Bench, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const { lokiParts } = replicas;
    const part = lokiParts[time % lokiParts.length]!;
    const pods = await replicas.podsOf(part);
    const pod = pods[Math.floor(time / lokiParts.length) % pods.length]!;
    say(`kill ${time + 1} of ${times}: ${pod.metadata?.name}`);
    await processes.kill(pod);
    // A new pod, because the kubelet waits longer after each crash of the same one.
    await processes.replace(pod);
    await replicas.allReady(180);
  }
}

/** A duration in words. */
function duration(minutes: number): string {
  return minutes < 1 ? `${minutes * 60} seconds` : `${minutes} minutes`;
}

function lokiAway(name: string, inFull: number, inShort: number, size: Fault["size"]): Fault {
  const long = ({ short }: Form) => (short ? inShort : inFull);
  return {
    name,
    size,
    what: (form) => `Loki away for ${duration(long(form))}`,
    how: "every target of Loki ended at once and scaled to 0, then back",
    load: "pods",
    alerts: whileLokiIsAway,
    run: async (bench) => {
      const { lokiParts } = bench.replicas;
      await bench.replicas.remove(...lokiParts);
      await sleep(long(bench) * 60_000);
      await bench.replicas.restore(...lokiParts);
    },
  };
}

/** Faults of Loki's own processes. */
export const lokiFaults: readonly Fault[] = [
  {
    name: "writer",
    size: "short",
    what: (form) => `1 of 3 ${ingesters(form)} killed`,
    how: `${killed}, again whenever it was back`,
    load: "push",
    pushes: "none refused",
    reads: true,
    alerts: { fire: ["LogharborLokiPodDown"], mayFire: ["LogharborRingUnhealthy"] },
    run: async (bench) => holdDown(bench, bench.replicas.ingesters, 1, bench.short ? 15 : 60),
  },
  {
    name: "writers",
    size: { fullOnly: "a refused line is not a lost one; the writer's row guards what was acknowledged" },
    what: (form) => `2 of 3 ${ingesters(form)} killed`,
    how: `${killed}, again whenever they were back`,
    load: "push",
    pushes: "some refused",
    alerts: {
      fire: ["LogharborLokiPodDown", "LogharborLokiRequestErrors"],
      mayFire: ["LogharborRingUnhealthy", "LogharborAlloyRetrying", "LogharborRulerFailing"],
    },
    run: async (bench) => holdDown(bench, bench.replicas.ingesters, 2, bench.short ? 15 : 60),
  },
  {
    name: "reader",
    size: { fullOnly: "neither of them keeps lines" },
    topologies: ["simple-scalable"],
    what: () => "1 of 3 readers and 1 of 3 backends killed",
    how: `${killed}, again whenever they were back`,
    load: "push",
    pushes: "none refused",
    alerts: { fire: ["LogharborLokiPodDown"], mayFire: ["LogharborRingUnhealthy"] },
    run: async (bench) => {
      const seconds = bench.short ? 10 : 60;
      await Promise.all([holdDown(bench, "read", 1, seconds), holdDown(bench, "backend", 1, seconds)]);
    },
  },
  {
    name: "kills",
    size: { fullOnly: "the writer's row kills one" },
    what: ({ short }) => `a process of Loki killed ${short ? 3 : 50} times`,
    how: `${killed}; each target in turn, and each replica of it, when all were ready again`,
    load: "pods",
    run: async (bench) => killInTurn(bench, bench.short ? 3 : 50),
  },
  lokiAway("away", 5, 0.5, { fullOnly: "the rotation row keeps Loki away just as long" }),
  lateLines,
  lokiAway("away-long", 15, 15, { fullOnly: "a quarter of an hour" }),
  {
    name: "readers",
    size: { fullOnly: "readers keep no lines" },
    topologies: ["simple-scalable"],
    what: () => "all readers killed",
    how: `${killed}, again whenever they were back; the ruler evaluates through them`,
    load: "push",
    pushes: "none refused",
    alerts: { fire: ["LogharborLokiPodDown", "LogharborRulerFailing"], mayFire: ["LogharborRingUnhealthy"] },
    run: async (bench) => holdDown(bench, "read", 3, 90),
  },
  {
    name: "caches",
    size: { fullOnly: "a cache keeps no lines" },
    what: () => "both caches away for 90 seconds",
    how: "memcached of chunks and of results scaled to 0, then back",
    load: "push",
    pushes: "none refused",
    reads: true,
    alerts: { fire: ["LogharborCacheDown"] },
    run: async ({ replicas }) => {
      await replicas.remove("chunks-cache", "results-cache");
      await sleep(90_000);
      await replicas.restore("chunks-cache", "results-cache");
    },
  },
  {
    name: "old-lines",
    size: { fullOnly: "a line that was refused is not lost: its client knows" },
    what: () => "a client that pushes lines of last year",
    how: "a push a second for 20 seconds, each refused with 400",
    load: "push",
    pushes: "none refused",
    alerts: { fire: ["LogharborDiscardedLines"] },
    run: async ({ platform }) => {
      const old = String(BigInt(Date.now() - 365 * 86_400_000) * 1_000_000n);
      const body = JSON.stringify({ streams: [{ stream: { job: "old-lines" }, values: [[old, "late"]] }] });
      for (let push = 0; push < 20; push++) {
        const headers = { "Content-Type": "application/json", "X-Scope-OrgID": platform.loki.tenant };
        const { status } = await platform.askLoki("/loki/api/v1/push", { method: "POST", headers, body });
        if (status !== 400) throw new Error(`an old line was answered with ${status}`);
        await sleep(1_000);
      }
    },
  },
];
