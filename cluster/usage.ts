import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { Amount } from "./preflight";

/** What a namespace's pods currently use. */
export interface NamespaceUsage extends Amount {
  namespace: string;
  pods: number;
}

interface Summary {
  pods?: { podRef: { namespace: string }; cpu?: { usageNanoCores?: number }; memory?: { workingSetBytes?: number } }[];
}

/**
 * CPU (cores) and memory (bytes) that the pods of some namespaces use, as the kubelets measure it. Needs no metrics
 * server.
 */
export async function usageOf(kubeConfig: KubeConfig, namespaces: readonly string[]): Promise<NamespaceUsage[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const { items: nodes } = await core.listNode();
  const summaries = await Promise.all(
    nodes.map(async ({ metadata }) => {
      const answer: unknown = await core.connectGetNodeProxyWithPath({
        name: metadata?.name ?? "",
        path: "stats/summary",
      });
      return (typeof answer === "string" ? JSON.parse(answer) : answer) as Summary;
    }),
  );
  const pods = summaries.flatMap((summary) => summary.pods ?? []);
  return namespaces.map((namespace) => {
    const own = pods.filter(({ podRef }) => podRef.namespace === namespace);
    return {
      namespace,
      pods: own.length,
      cpu: own.reduce((sum, { cpu }) => sum + (cpu?.usageNanoCores ?? 0) / 1e9, 0),
      memory: own.reduce((sum, { memory }) => sum + (memory?.workingSetBytes ?? 0), 0),
    };
  });
}
