import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Fault } from "./fault";
import type { Part } from "./replicas";

const killed = "SIGKILL to the containers' first process through containerd";
/** Parts of Loki that keep or serve lines. */
const lokiParts: readonly Part[] = ["write", "read", "backend"];

/** Kills the first `count` replicas of a part and keeps them down. */
async function holdDown({ replicas, processes }: Bench, part: Part, count: number, seconds: number): Promise<void> {
  const pods = await replicas.podsOf(part);
  await processes.holdDown(pods.slice(0, count), seconds);
}

/** One process at a time: the next is killed when all are ready again. */
async function killInTurn({ replicas, processes, say }: Bench, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const part = lokiParts[time % lokiParts.length]!;
    const pods = await replicas.podsOf(part);
    const pod = pods[Math.floor(time / lokiParts.length) % pods.length]!;
    say(`kill ${time + 1} of ${times}: ${pod.metadata?.name}`);
    await processes.kill(pod);
    // A new pod, since the kubelet waits longer after each crash of the same one.
    await processes.replace(pod);
    await replicas.allReady(180);
  }
}

/** A time in words. */
function duration(minutes: number): string {
  return minutes < 1 ? `${minutes * 60} seconds` : `${minutes} minutes`;
}

function lokiAway(name: string, inFull: number, inShort: number, fullOnly = false): Fault {
  const long = (short: boolean) => (short ? inShort : inFull);
  return {
    name,
    fullOnly,
    what: (short) => `Loki away for ${duration(long(short))}`,
    how: "writers, readers and backends scaled to 0 and back",
    load: "pods",
    run: async ({ replicas, short }) => {
      await replicas.remove(...lokiParts);
      await sleep(long(short) * 60_000);
      await replicas.restore(...lokiParts);
    },
  };
}

/** Faults of Loki's own processes. */
export const lokiFaults: readonly Fault[] = [
  {
    name: "writer",
    what: () => "1 of 3 writers killed",
    how: `${killed}, again whenever it was back`,
    load: "push",
    pushes: "none refused",
    reads: true,
    run: async (bench) => holdDown(bench, "write", 1, bench.short ? 15 : 60),
  },
  {
    name: "writers",
    what: () => "2 of 3 writers killed",
    how: `${killed}, again whenever they were back`,
    load: "push",
    pushes: "some refused",
    run: async (bench) => holdDown(bench, "write", 2, bench.short ? 15 : 60),
  },
  {
    name: "reader",
    what: () => "1 of 3 readers and 1 of 3 backends killed",
    how: `${killed}, again whenever they were back`,
    load: "push",
    pushes: "none refused",
    run: async (bench) => {
      const seconds = bench.short ? 10 : 60;
      await Promise.all([holdDown(bench, "read", 1, seconds), holdDown(bench, "backend", 1, seconds)]);
    },
  },
  {
    name: "kills",
    what: (short) => `a process of Loki killed ${short ? 3 : 50} times`,
    how: `${killed}; writers, readers and backends in turn, each when all were ready again`,
    load: "pods",
    run: async (bench) => killInTurn(bench, bench.short ? 3 : 50),
  },
  lokiAway("away", 5, 0.5),
  lokiAway("away-long", 15, 15, true),
];
