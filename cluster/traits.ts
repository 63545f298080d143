import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig, type V1Node } from "@kubernetes/client-node";
import { dnsFacts, type DnsFacts } from "./dns";
import { canRun } from "../render/alloy/nodes";
import { osLabel } from "../render/pod";
import { KubeApi } from "./kubeApi";
import { kubeletFacts } from "./kubelet";
import { ifSeen } from "./looks";

/** Which kind of cluster it is: what a stack file has to take into account besides sizes and rights. */
export interface ClusterTraits {
  /** Nodes that no pod of the stack can run on, and why. */
  otherNodes: { name: string; why: "Windows" | "virtual" }[];
  /** Groups of its API, such as `cert-manager.io`. */
  apiGroups: string[];
  /** ClusterIssuers of cert-manager that sign with a CA of the cluster's own. */
  issuers: string[];
  /** Each Prometheus of an operator: where it runs, and which labels it wants on monitors. */
  prometheuses: { namespace: string; labels: Record<string, string> }[];
  /** Its DNS. */
  dns: DnsFacts;
  /** The network plug-in, as far as its DaemonSet tells. Undefined: none that we know. */
  networkPlugin?: { name: string; enforces: boolean };
}

/** DaemonSets of network plug-ins, and whether they enforce NetworkPolicies. From the projects' own manifests. */
const networkPlugins: readonly [daemonSet: RegExp, name: string, enforces: boolean][] = [
  [/^cilium$|^anetd$/, "Cilium", true],
  [/^calico-node$|^canal$|^rke2-canal$/, "Calico", true],
  [/^antrea-agent$/, "Antrea", true],
  [/^ovnkube-node$|^sdn$/, "OVN-Kubernetes", true],
  [/^kube-router$/, "kube-router", true],
  [/^weave-net$/, "Weave Net", true],
  [/^azure-npm/, "Azure NPM", true],
  [/^kindnet$/, "kindnet", true],
  [/^kube-flannel(-ds.*)?$/, "Flannel", false],
];

/**
 * Looks at a cluster without changing anything. What we may not see counts as absent.
 * @param kubelets names of nodes whose kubelets to ask
 */
export async function gatherTraits(kubeConfig: KubeConfig, kubelets: readonly string[]): Promise<ClusterTraits> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const groups = new KubeApi(kubeConfig).get<{ groups: { name: string }[] }>("apis");
  const [nodes, apis, sets] = await Promise.all([
    ifSeen(core.listNode(), undefined),
    ifSeen(groups, undefined),
    ifSeen(kubeConfig.makeApiClient(AppsV1Api).listDaemonSetForAllNamespaces(), undefined),
  ]);
  const apiGroups = (apis?.groups ?? []).map(({ name }) => name);
  const [dns, issuers, prometheuses] = await Promise.all([
    dnsFacts(kubeConfig, await kubeletFacts(kubeConfig, kubelets)),
    objectsOf(kubeConfig, apiGroups, { group: "cert-manager.io", plural: "clusterissuers" }),
    objectsOf(kubeConfig, apiGroups, { group: "monitoring.coreos.com", plural: "prometheuses" }),
  ]);
  return {
    otherNodes: (nodes?.items ?? []).flatMap(otherNode),
    apiGroups,
    issuers: issuers.flatMap(({ metadata, spec }) => (spec?.ca === undefined ? [] : [metadata.name])),
    prometheuses: prometheuses.map(({ metadata, spec }) => ({
      namespace: metadata.namespace ?? "",
      labels: spec?.serviceMonitorSelector?.matchLabels ?? {},
    })),
    dns,
    networkPlugin: networkPluginOf((sets?.items ?? []).map(({ metadata }) => metadata?.name ?? "")),
  };
}

/** The network plug-in among the DaemonSets of a cluster. Pure. */
export function networkPluginOf(daemonSets: readonly string[]): ClusterTraits["networkPlugin"] {
  const [found] = networkPlugins.filter(([name]) => daemonSets.some((daemonSet) => name.test(daemonSet)));
  return found === undefined ? undefined : { name: found[1], enforces: found[2] };
}

function otherNode({ metadata }: V1Node): ClusterTraits["otherNodes"] {
  if (canRun(metadata?.labels)) return [];
  const why = metadata?.labels?.[osLabel] === "windows" ? "Windows" : "virtual";
  return [{ name: metadata?.name ?? "", why }];
}

/** The fields that we read of an object of another's kind. */
interface OtherObject {
  metadata: { name: string; namespace?: string };
  spec?: { ca?: object; serviceMonitorSelector?: { matchLabels?: Record<string, string> } };
}

async function objectsOf(
  kubeConfig: KubeConfig,
  apiGroups: readonly string[],
  { group, plural }: { group: string; plural: string },
): Promise<OtherObject[]> {
  if (!apiGroups.includes(group)) return [];
  const objects = kubeConfig.makeApiClient(CustomObjectsApi).listClusterCustomObject({ group, version: "v1", plural });
  return ((await ifSeen(objects, undefined)) as { items?: OtherObject[] } | undefined)?.items ?? [];
}
