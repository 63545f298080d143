import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until there is an answer.
 * @param what what is waited for, for the error
 * @param probe answers, or gives undefined (or throws) when it is not so yet
 * @throws Error that tells what was waited for and why it was not so at the last try
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
