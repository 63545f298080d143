import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, OperatorError, textOf } from "../domain/problem";
import { Refusal } from "./query";

export interface Patience {
  /** Called when Loki was lost. Default: nobody. */
  onNote?: (text: string) => void;
  /** Seconds without an answer until it gives up. Default: 60. */
  giveUpSeconds?: number;
  /** Milliseconds until it asks again. Default: 1000. */
  pauseMs?: number;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/**
 * Asks again while Loki is away: each connection through the tunnel finds a pod that is ready.
 * @throws OperatorError when Loki refuses the question, or stays away.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  { onNote, giveUpSeconds = 60, pauseMs = 1_000, signal }: Patience = {},
): Promise<T> {
  for (let lost: number | undefined; ;) {
    try {
      return await ask();
    } catch (error) {
      if (signal?.aborted === true || !passes(error)) throw error;
      const reason = textOf(error).split("\n  -> ")[0];
      lost ??= Date.now();
      if (Date.now() - lost >= giveUpSeconds * 1000)
        throw new OperatorError(
          `Loki has not answered for ${giveUpSeconds} s: ${reason}`,
          ["run the command again later", "find what is wrong: npm run doctor"],
          { cause: error },
        );
      onNote?.(`lost Loki (${reason}); asking again`);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** Whether an error goes away by itself: a lost connection, or a Loki that starts, stops or is too busy. */
function passes(error: unknown): boolean {
  if (error instanceof Refusal) return [429, 500, 502, 503].includes(error.status);
  return !(error instanceof OperatorError) && typeof codeOf(error) === "string" && codeOf(error) !== "ABORT_ERR";
}
