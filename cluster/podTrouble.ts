import { CoreV1Api, type KubeConfig, type V1ContainerStatus, type V1Pod } from "@kubernetes/client-node";

/**
 * Why the pods of a namespace are not ready, one sentence per pod; empty if all are ready, or if we may not see them.
 * @param labelSelector which pods; default: all
 */
export async function podTrouble(kubeConfig: KubeConfig, namespace: string, labelSelector?: string): Promise<string[]> {
  try {
    const { items } = await kubeConfig.makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector });
    return items.flatMap(troubleOf);
  } catch {
    return [];
  }
}

/** What keeps a pod from being ready, if anything does. Pure. */
export function troubleOf({ metadata, status }: V1Pod): string[] {
  const is = (type: string) => status?.conditions?.find((condition) => condition.type === type);
  if (status?.phase === "Succeeded" || is("Ready")?.status === "True") return [];
  const scheduled = is("PodScheduled");
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const why =
    scheduled?.status === "False"
      ? (scheduled.message ?? "is not scheduled")
      : (containers.map((container) => waiting(container) ?? failed(container)).find((text) => text !== undefined) ??
        "is not ready yet");
  return [`pod ${metadata?.name}: ${why}`];
}

function waiting({ name, state, lastState, restartCount }: V1ContainerStatus): string | undefined {
  const reason = state?.waiting?.reason;
  if (reason === undefined || reason === "ContainerCreating" || reason === "PodInitializing") return undefined;
  const ended = lastState?.terminated;
  const last =
    ended === undefined
      ? ""
      : ` (${restartCount} restarts, the last run ended with ${ended.reason ?? ""} ${ended.exitCode}`.trimEnd() + ")";
  return (
    `container ${name} is in ` +
    `${reason}${last || (state?.waiting?.message === undefined ? "" : `: ${state.waiting.message.slice(0, 200)}`)}`
  );
}

/** The last line of the container's output, if its termination message holds the output. */
function failed({ name, state }: V1ContainerStatus): string | undefined {
  const ended = state?.terminated;
  if (ended === undefined || ended.exitCode === 0) return undefined;
  const said = ended.message?.trim().split("\n").at(-1)?.slice(0, 200);
  return (
    `container ${name} ended with ${ended.reason ?? ""} ${ended.exitCode}`.trimEnd() +
    (said === undefined ? "" : `: ${said}`)
  );
}
