import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDir, testsCacheDir } from "../local/cache";
import { leftovers, removeCluster } from "../local/cluster/cluster";
import { nodeAt } from "../local/cluster/node";
import { removeLocalStack } from "../local/localStack";
import { consoleProgress, print } from "./console";

export interface StopOptions {
  purge?: boolean;
}

/** Removes the local cluster, and with `purge` the cache too. Safe when nothing is there. */
export async function stop({ purge }: StopOptions): Promise<void> {
  const isThere = (await leftovers()).length > 0;
  if (isThere) await removeCluster(consoleProgress());
  else print("no local cluster found");
  removeLocalStack();
  const cache = cacheDir();
  if (purge !== true) {
    if (isThere)
      print(`removed: the cluster, its logs and its stack; kept: what was built, in ${cache} (--purge removes it)`);
    return;
  }
  await removeCluster(consoleProgress(), nodeAt(join(testsCacheDir(), "cluster"))); // left by tests that were interrupted
  if (basename(cache) === "logharbor" && existsSync(cache)) rmSync(cache, { recursive: true, force: true });
  print(`removed: all that was built and downloaded, ${cache}`);
}
