import { codeOf } from "../domain/problem";

/**
 * What a look at the cluster gives: `nothing` where the object does not exist (404), undefined where the right to see
 * it is missing (403). Any other error is thrown.
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

/** Several looks, which note what they could not see for want of rights. */
export class Looks {
  readonly unseen: string[] = [];

  /** As {@link ifSeen}, but with `nothing` where it may not be seen, too. @param what names it for people */
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
