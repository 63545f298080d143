import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { textOf } from "../domain/problem";
import { clusterIn, readConfig } from "../config/reader";
import { loadKubeConfig } from "../cluster/kubeconfig";

/** How long the cluster may take to say what there is. */
const patienceMs = 20_000;

/**
 * Looks at the stack's cluster from inside the program. Warns of `what` that leaves unjudged, and gives undefined,
 * where it can't be asked.
 */
export async function lookAtCluster<T>(
  what: string,
  look: (kubeConfig: KubeConfig) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(patienceMs, () => look(loadKubeConfig(clusterIn(readConfig()))));
  } catch (error) {
    await pulumi.log.warn(`${what} was not judged: the cluster can't be asked (${textOf(error).split("\n")[0]})`);
    return undefined;
  }
}

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>(
    (_, reject) =>
      (timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds)),
  );
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
