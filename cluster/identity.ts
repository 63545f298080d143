import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { ifSeen } from "./looks";

/**
 * What distinguishes a cluster from all others, however a kubeconfig calls it: the uid of its namespace `kube-system`,
 * which lives as long as the cluster. Undefined if the user may not see it. Rejects if the cluster cannot be reached.
 */
export async function clusterIdentity(kubeConfig: KubeConfig): Promise<string | undefined> {
  const seen = await ifSeen(kubeConfig.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" }), undefined);
  return seen?.metadata?.uid;
}
