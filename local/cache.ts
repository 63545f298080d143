import * as os from "node:os";
import * as path from "node:path";

/** Directory of everything that Logharbor keeps on this machine outside the checkout. */
export function cacheDir(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "logharbor");
}

/**
 * What the end-to-end tests have beside the user's own: named like a cache, so that a command can be told to take it
 * for one.
 */
export function testsCacheDir(): string {
  return path.join(cacheDir(), "e2e", "logharbor");
}
