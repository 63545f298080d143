import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, type KubeConfig, type V1DaemonSet } from "@kubernetes/client-node";
import { OperatorError } from "../domain/problem";
import { podTrouble } from "./podTrouble";

const noteMs = 15_000;

/**
 * Waits until a DaemonSet, if it exists, runs its newest pods on all its nodes. Helm takes it for done while
 * `maxUnavailable` pods are still missing, and on a cluster with one node those are all of them.
 * @throws OperatorError that says why the pods are not ready.
 */
export async function waitForDaemonSet(
  kubeConfig: KubeConfig,
  { namespace, name, waitSeconds = 300 }: { namespace: string; name: string; waitSeconds?: number },
  print: (line: string) => void,
): Promise<void> {
  const apps = kubeConfig.makeApiClient(AppsV1Api);
  const began = Date.now();
  for (let noted = began; ; await sleep(1_000)) {
    const problems = (
      await apps.listNamespacedDaemonSet({ namespace, fieldSelector: `metadata.name=${name}` })
    ).items.flatMap(rolloutProblem);
    if (problems.length === 0) return;
    if (Date.now() - began > waitSeconds * 1000) {
      throw new OperatorError(
        [
          `After ${waitSeconds} s Alloy does not collect from every node yet:`,
          ...problems,
          ...(await podTrouble(kubeConfig, namespace)),
        ].join("\n  "),
        [
          `see what is wrong with the pods: kubectl -n ${namespace} describe pods`,
          "then run the same command again: it continues from there",
        ],
      );
    }
    if (Date.now() - noted >= noteMs) {
      noted = Date.now();
      print(
        `  ... ${problems.join("; ")}, ${Math.round((noted - began) / 1000)} s: ${(await podTrouble(kubeConfig, namespace)).join("; ")}`,
      );
    }
  }
}

/** What a DaemonSet still lacks; empty if its newest pods run on all their nodes. Pure. */
export function rolloutProblem({ metadata, status }: V1DaemonSet): string[] {
  const {
    observedGeneration = 0,
    desiredNumberScheduled: wanted = 0,
    updatedNumberScheduled: updated = 0,
    numberReady: ready = 0,
  } = status ?? {};
  if (observedGeneration < (metadata?.generation ?? 0))
    return [`DaemonSet ${metadata?.name}: Kubernetes has not seen its newest version yet`];
  const running = Math.min(updated, ready);
  return running < wanted ? [`DaemonSet ${metadata?.name}: ${running} of ${wanted} pods are up to date and ready`] : [];
}
