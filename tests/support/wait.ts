import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until it gets an answer.
 * @param what what it waits for; used in the error
 * @param probe answers, or returns undefined (or throws) while it has no answer yet
 * @throws Error that says what it waited for, and why the last try failed
 */
export async function waitFor<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
  everyMs = 500,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${seconds} s${last instanceof Error ? ` (${last.message})` : ""}`, {
        cause: last,
      });
    await sleep(everyMs);
  }
}
