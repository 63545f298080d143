import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { textOf } from "../domain/problem";
import { readConfig } from "../config/reader";
import { clusterIn } from "../config/stackConfig";
import { loadKubeConfig } from "../cluster/kubeconfig";

/** How long the cluster may take to answer. */
const patienceMs = 20_000;

/**
 * Runs `look` on the stack's cluster, from inside the program. If that fails or takes more than 20 s, warns that `what`
 * was not checked and resolves to undefined.
 */
export async function lookAtCluster<T>(
  what: string,
  look: (kubeConfig: KubeConfig) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(patienceMs, () => look(loadKubeConfig(clusterIn(readConfig()))));
  } catch (error) {
    await pulumi.log.warn(`not checked: ${what}; the cluster could not be read (${textOf(error).split("\n")[0]})`);
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
