import { codeOf } from "../domain/problem";

/**
 * The result of a look at the cluster: `nothing` if the object does not exist (404), undefined if we may not see it
 * (403). Throws any other error.
 */
export async function ifSeen<T, N>(look: Promise<T>, nothing: N): Promise<T | N | undefined> {
  try {
    return await look;
  } catch (error) {
    if (codeOf(error) === 404) return nothing;
    if (codeOf(error) === 403) return undefined;
    throw error;
  }
}

/** Several looks at the cluster. Notes what we lacked the right to see. */
export class Looks {
  readonly unseen: string[] = [];

  /** Like {@link ifSeen}, but also returns `nothing` if we may not see the object. @param what its name for people */
  async at<T>(what: string, nothing: T, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      const code = codeOf(error);
      if (code === 404) return nothing;
      // 401: an anonymous user may see some of a cluster.
      if (code !== 403 && code !== 401) throw error;
      this.unseen.push(what);
      return nothing;
    }
  }
}
