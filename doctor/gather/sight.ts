import { codeOf, textOf } from "../../domain/problem";

/** How long one look may take. */
const lookMs = 12_000;

/** Looks at a cluster, and notes what could not be seen and which right that takes. */
export class Sight {
  private readonly notes = new Set<string>();

  /** What could not be seen, one sentence each. */
  get unseen(): string[] {
    return [...this.notes].sort();
  }

  /**
   * The result of a look; undefined, with a note, if we may not look or get no answer.
   * @param right what the look takes, such as `list pods in logharbor-loki`
   */
  async see<T>(right: string, look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await within(look());
    } catch (error) {
      const code = codeOf(error);
      this.notes.add(
        code === 403 || code === 401 ? `you may not ${right}` : `could not ${right}: ${textOf(error).split("\n")[0]}`,
      );
      return undefined;
    }
  }

  /** Like {@link see} for one object; null if it does not exist. */
  async one<T>(right: string, look: () => Promise<T>): Promise<T | null | undefined> {
    return this.see(right, async () =>
      look().catch((error: unknown) => {
        if (codeOf(error) === 404) return null;
        throw error;
      }),
    );
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${lookMs / 1000} s`)), lookMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
