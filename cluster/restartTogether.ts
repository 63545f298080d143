import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** A StatefulSet. */
interface Servers {
  namespace: string;
  name: string;
}

/**
 * Runs `work`, which changes the pods of a StatefulSet, and has Kubernetes replace all of them at once. By itself it
 * would replace one and wait until that one is ready. Servers that work only with others of the same version never
 * are. Does nothing while the StatefulSet does not change or does not exist.
 */
export async function restartTogether<T>(kubeConfig: KubeConfig, servers: Servers, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const replacing = replaceOld(kubeConfig, servers, ended.signal);
  try {
    return await work;
  } finally {
    ended.abort();
    await replacing;
  }
}

async function replaceOld(kubeConfig: KubeConfig, { namespace, name }: Servers, ended: AbortSignal): Promise<void> {
  const apps = kubeConfig.makeApiClient(AppsV1Api);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  while (!ended.aborted) {
    // A failed look is no failure of the work: the next look may pass, and without any the work says what is missing.
    const old = await oldPods(apps, core, { namespace, name }).catch(() => []);
    await Promise.all(
      old.map(async (pod) => core.deleteNamespacedPod({ namespace, name: pod }).catch(() => undefined)),
    );
    await sleep(1_000, undefined, { signal: ended }).catch(() => undefined);
  }
}

/** Running pods of the version before the newest. */
async function oldPods(apps: AppsV1Api, core: CoreV1Api, { namespace, name }: Servers): Promise<string[]> {
  const { items } = await apps.listNamespacedStatefulSet({ namespace, fieldSelector: `metadata.name=${name}` });
  const [{ metadata, spec, status } = {}] = items;
  if (status === undefined || status.observedGeneration !== metadata?.generation) return [];
  const labels = Object.entries(spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const selector = [...labels, `controller-revision-hash!=${status.updateRevision}`].join(",");
  const pods = await core.listNamespacedPod({ namespace, labelSelector: selector });
  return pods.items
    .filter((pod) => pod.metadata?.deletionTimestamp === undefined)
    .filter((pod) => pod.metadata?.ownerReferences?.some((owner) => owner.uid === metadata?.uid))
    .map((pod) => pod.metadata!.name!);
}
