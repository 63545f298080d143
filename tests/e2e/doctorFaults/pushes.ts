import { setTimeout as sleep } from "node:timers/promises";
import { headersFor } from "../../../logs/query";
import type { Platform } from "../../support/platform";

/** A stream as Loki's push API takes it. */
export interface PushedStream {
  stream: Record<string, string>;
  values: [nanoseconds: string, line: string][];
}

/** Pushes streams to Loki, twice a second, while `work` runs. What Loki answers does not matter here. */
export async function whilePushing(
  p: Platform,
  streams: (round: number) => PushedStream[],
  work: () => Promise<void>,
): Promise<void> {
  let pushing = true;
  const push = async () => {
    for (let round = 0; pushing; round++) {
      const answer = await fetch(`${p.loki.url}/loki/api/v1/push`, {
        method: "POST",
        headers: { ...headersFor(p.loki), "content-type": "application/json" },
        body: JSON.stringify({ streams: streams(round) }),
      });
      await answer.text();
      await sleep(500);
    }
  };
  const done = push();
  try {
    await work();
  } finally {
    pushing = false;
    await done;
  }
}

/** A line of now, or of `hoursAgo`. */
export function lineOf(text: string, hoursAgo = 0): [nanoseconds: string, line: string] {
  return [`${Date.now() - hoursAgo * 3_600_000}000000`, text];
}
