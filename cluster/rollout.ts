import { setTimeout as sleep } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1DaemonSet,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { OperatorError } from "../domain/problem";
import { ifSeen } from "./looks";
import { podTrouble } from "./podTrouble";

const noteMs = 15_000;

/** Which DaemonSet to wait for, and how long. */
interface DaemonSetWait {
  namespace: string;
  name: string;
  /** Default: 300. */
  waitSeconds?: number;
  /** Ends the wait. Default: nothing does. */
  signal?: AbortSignal;
}

/**
 * Waits until a DaemonSet, if it exists, runs its newest pods on all its nodes. Helm takes it for done while
 * `maxUnavailable` pods are still missing, and on a cluster with one node those are all of them.
 * @throws OperatorError that says why the pods are not ready.
 */
export async function waitForDaemonSet(
  kubeConfig: KubeConfig,
  { namespace, name, waitSeconds = 300, signal }: DaemonSetWait,
  print: (line: string) => void,
): Promise<void> {
  const apps = kubeConfig.makeApiClient(AppsV1Api);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const began = Date.now();
  for (let noted = began; ; await sleep(1_000, undefined, { signal })) {
    const sets = (await apps.listNamespacedDaemonSet({ namespace, fieldSelector: `metadata.name=${name}` })).items;
    const away = await awayIn(core, sets);
    const problems = sets.flatMap((set) => rolloutProblem(set, away.length));
    if (problems.length === 0) {
      for (const node of away)
        print(`  note: node ${node} is not ready, so its logs are not collected until it is back`);
      return;
    }
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

/** Nodes of DaemonSets' pods that are not ready. Empty if we may not see nodes. */
async function awayIn(core: CoreV1Api, sets: readonly V1DaemonSet[]): Promise<string[]> {
  const behind = sets.filter((set) => rolloutProblem(set).length > 0);
  if (behind.length === 0) return [];
  const nodes = await ifSeen(core.listNode(), undefined);
  const pods = await Promise.all(
    behind.map(async ({ metadata, spec }) =>
      core.listNamespacedPod({
        namespace: metadata?.namespace ?? "",
        labelSelector: Object.entries(spec?.selector.matchLabels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(),
      }),
    ),
  );
  return nodesAway(
    nodes?.items ?? [],
    pods.flatMap(({ items }) => items),
  );
}

/** Nodes that are not ready and have one of these pods: such a pod can neither get ready nor be replaced. Pure. */
export function nodesAway(nodes: readonly V1Node[], pods: readonly V1Pod[]): string[] {
  const ready = ({ status }: V1Node) =>
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const hosts = new Set(pods.map(({ spec }) => spec?.nodeName));
  return nodes
    .filter((node) => !ready(node) && hosts.has(node.metadata?.name))
    .map(({ metadata }) => metadata?.name ?? "")
    .sort();
}

/**
 * What a DaemonSet still lacks; empty if its newest pods run on all their nodes. Pure.
 * @param away number of its nodes that are not ready; nobody waits for their pods. Default: none
 */
export function rolloutProblem({ metadata, status }: V1DaemonSet, away = 0): string[] {
  const {
    observedGeneration = 0,
    desiredNumberScheduled: wanted = 0,
    updatedNumberScheduled: updated = 0,
    numberReady: ready = 0,
  } = status ?? {};
  if (observedGeneration < (metadata?.generation ?? 0))
    return [`DaemonSet ${metadata?.name}: Kubernetes has not seen its newest version yet`];
  const running = Math.min(updated, ready);
  return running < wanted - away
    ? [`DaemonSet ${metadata?.name}: ${running} of ${wanted} pods are up to date and ready`]
    : [];
}
