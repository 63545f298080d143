import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { codeOf } from "../domain/problem";

/** What a kubelet tells its node's pods, and where it keeps their logs. Undefined what it does not say. */
export interface KubeletFacts {
  node: string;
  /** Domain of the cluster's Services. */
  clusterDomain?: string;
  /** Addresses of the DNS servers that pods ask. */
  clusterDns: string[];
  /** Folder of the pods' logs. */
  podLogsDir?: string;
}

interface Configz {
  kubeletconfig?: { clusterDomain?: string; clusterDNS?: string[]; podLogsDir?: string };
}

/** The configuration of some kubelets, as they are asked through the API server. Leaves out those that don't answer. */
export async function kubeletFacts(kubeConfig: KubeConfig, nodes: readonly string[]): Promise<KubeletFacts[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const facts = nodes.map(async (node) => {
    try {
      const answer: unknown = await core.connectGetNodeProxyWithPath({ name: node, path: "configz" });
      return [factsIn(node, answer)];
    } catch (error) {
      // No right to ask (managed clusters), a kubelet that is away, or one that is none (virtual nodes).
      if (typeof codeOf(error) === "number") return [];
      throw error;
    }
  });
  return (await Promise.all(facts)).flat();
}

/** Pure part of {@link kubeletFacts}. */
export function factsIn(node: string, answer: unknown): KubeletFacts {
  const { kubeletconfig = {} } = (typeof answer === "string" ? JSON.parse(answer) : answer) as Configz;
  const { clusterDNS = [], clusterDomain, podLogsDir } = kubeletconfig;
  return { node, clusterDomain, clusterDns: clusterDNS, podLogsDir };
}
