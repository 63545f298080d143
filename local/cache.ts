import * as os from "node:os";
import * as path from "node:path";

/** Directory for everything that Logharbor keeps on this machine outside the checkout. */
export function cacheDir(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "logharbor");
}

/**
 * The end-to-end tests' own cache, apart from the user's. It has the name of a cache too, so that XDG_CACHE_HOME can
 * point a command at it.
 */
export function testsCacheDir(): string {
  return path.join(cacheDir(), "e2e", "logharbor");
}
