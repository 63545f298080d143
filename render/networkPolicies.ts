import type { Settings } from "../config/settings";
import { podPorts, ports, tierJobName } from "../domain/names";
import { partNames, type Part } from "../domain/parts";
import { podLabelsOf, stackLabels, type Owner } from "./ownership";
import { tierPort } from "./minio/tier";
import { planOf } from "./plan";

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

/** Pods of one kind, as the charts label them. */
interface PodGroup {
  part: Part;
  selector: Selector;
}

const lokiPods = (...components: string[]): PodGroup => ({
  part: "loki",
  selector: {
    matchLabels: { "app.kubernetes.io/name": "loki" },
    matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: components }],
  },
});

export type PodGroupName = Part | "minio-tier" | "loki-gateway" | "loki-chunks-cache" | "loki-results-cache";

/** Every kind of pod of the platform, whatever the topology: while one gives way to another, there are pods of both. */
export const podGroups: Readonly<Record<PodGroupName, PodGroup>> = {
  minio: { part: "minio", selector: { matchLabels: { app: "minio" } } },
  "minio-tier": { part: "minio", selector: { matchLabels: { app: tierJobName } } },
  loki: lokiPods("single-binary", "write", "read", "backend"),
  "loki-gateway": lokiPods("gateway"),
  "loki-chunks-cache": lokiPods("memcached-chunks-cache"),
  "loki-results-cache": lokiPods("memcached-results-cache"),
  alloy: { part: "alloy", selector: { matchLabels: { "app.kubernetes.io/name": "alloy" } } },
  grafana: { part: "grafana", selector: { matchLabels: { "app.kubernetes.io/name": "grafana" } } },
};

/** Who else takes part: the cluster's DNS, pods of `ingressNamespaces`, or any address. */
export type Outsider = "dns" | "ingress" | "anywhere";

/** Traffic that is let through, from pod to pod; all other is refused. */
export interface Flow {
  from: PodGroupName | Outsider;
  to: PodGroupName | Outsider;
  /** Ports of the pod that is reached, not of its Service. */
  ports: readonly number[];
  why: string;
}

const dnsPort = 53;

/**
 * Every flow of a stack, side by side. Answers are no flows of their own, and the kubelet of a node always reaches its
 * pods: probes, logs, port-forward.
 */
export function flowsOf(settings: Settings): Flow[] {
  const { apiServerPorts, grafana, ingressNamespaces, loki, minio } = settings;
  const { topology } = planOf(settings);
  const gateway = topology.replicas.gateway > 0;
  const distributed = minio.servers > 1;
  const { tier } = minio;
  const ingress = ingressNamespaces.length > 0;

  const [entry, http] = gateway ? (["loki-gateway", podPorts.gateway] as const) : (["loki", ports.lokiHttp] as const);
  const ring = topology.kvstore === "memberlist" ? [ports.lokiMemberlist] : [];
  const lines: readonly (readonly [
    from: Flow["from"],
    to: Flow["to"],
    ports: readonly number[],
    holds: boolean,
    why: string,
  ])[] = [
    ["alloy", entry, [http], true, "pushes lines"],
    ["alloy", "anywhere", apiServerPorts, true, "asks the Kubernetes API for pods, and for their lines"],
    ["alloy", "dns", [dnsPort], true, "finds Loki and the API"],

    ["grafana", entry, [http], grafana.enabled, "queries"],
    ["grafana", "dns", [dnsPort], grafana.enabled, "finds Loki"],
    ["ingress", "grafana", [podPorts.grafana], ingress && grafana.enabled, "people"],
    ["ingress", entry, [http], ingress, "agents and queries from outside"],

    ["loki-gateway", "loki", [ports.lokiHttp], gateway, "hands on pushes and queries"],
    ["loki-gateway", "dns", [dnsPort], gateway, "finds the targets"],
    ["loki", "loki", [ports.lokiHttp, ports.lokiGrpc, ...ring], true, "the ring, and requests between the targets"],
    ["loki", "minio", [ports.minioApi], true, "stores and reads chunks and index"],
    [
      "loki",
      "loki-chunks-cache",
      [podPorts.memcached],
      topology.cache === "memcached" && loki.caches.chunksMb > 0,
      "caches chunks",
    ],
    [
      "loki",
      "loki-results-cache",
      [podPorts.memcached],
      topology.cache === "memcached" && loki.caches.resultsMb > 0,
      "caches results of queries",
    ],
    ["loki", "dns", [dnsPort], true, "finds MinIO, caches and the ring"],

    ["minio", "minio", [ports.minioApi], distributed, "drives of the other servers"],
    ["minio", "dns", [dnsPort], distributed || tier !== undefined, "finds the other servers and the remote tier"],
    [
      "minio",
      "anywhere",
      tier === undefined ? [] : [tierPort(tier)],
      tier !== undefined,
      "moves chunks to the remote tier, and reads them",
    ],
    ["minio-tier", "minio", [ports.minioApi], tier !== undefined, "tells MinIO of the remote tier"],
    ["minio-tier", "dns", [dnsPort], tier !== undefined, "finds MinIO"],
    // Whoever sets an address of MinIO's own reaches it from outside the cluster, through what only they know.
    [
      "anywhere",
      "minio",
      [ports.minioApi],
      minio.endpoint !== undefined,
      "the machine that runs Pulumi, at minio.endpoint",
    ],
  ];
  return lines.filter(([, , , holds]) => holds).map(([from, to, open, , why]) => ({ from, to, ports: open, why }));
}

interface Peer {
  namespaceSelector?: Selector;
  podSelector?: Selector;
  ipBlock?: { cidr: string };
}

type Port = { protocol: "TCP" | "UDP"; port: number };

/** `spec` of a NetworkPolicy; a rule without peers holds for all of them. */
export interface PolicySpec {
  podSelector: Selector;
  policyTypes: ("Ingress" | "Egress")[];
  ingress?: { from?: Peer[]; ports: Port[] }[];
  egress?: { to?: Peer[]; ports: Port[] }[];
}

/** A NetworkPolicy of a namespace. */
export interface Policy {
  /** What it is for, such as "default-deny"; one of its part's. */
  key: string;
  /** Its name in the namespace: its key, or one that no other's policy has where the namespace is shared. */
  name: string;
  spec: PolicySpec;
}

/**
 * The policies of each part's namespace: nothing goes in or out, but for the flows. Empty lists where the stack wants
 * none. In a namespace that was there before, they select the stack's own pods, by labels that these have there, and
 * leave all others alone.
 */
export function networkPolicies(settings: Settings, owner: Pick<Owner, "stack">): Record<Part, Policy[]> {
  const policies: Record<Part, Policy[]> = { minio: [], loki: [], alloy: [], grafana: [] };
  if (!settings.networkPolicies) return policies;
  for (const part of partNames) {
    const isShared = settings.existingNamespaces.includes(part);
    const podSelector = isShared ? { matchLabels: stackLabels(owner, part) } : {};
    policies[part].push({
      key: "default-deny",
      name: isShared ? `logharbor-${part}-default-deny` : "default-deny",
      spec: { podSelector, policyTypes: ["Ingress", "Egress"] },
    });
  }

  const flows = flowsOf(settings);
  for (const [name, group] of Object.entries(podGroups)) {
    const ingress = flows
      .filter(({ to }) => to === name)
      .map(({ from, to, ports }) => ({ from: peersOf(from, settings, owner), ports: portsOf(to, ports) }));
    const egress = flows
      .filter(({ from }) => from === name)
      .map(({ to, ports }) => ({ to: peersOf(to, settings, owner), ports: portsOf(to, ports) }));
    if (ingress.length + egress.length === 0) continue;
    policies[group.part].push({
      key: name,
      name: settings.existingNamespaces.includes(group.part) ? `logharbor-${name}` : name,
      // The API server stores an empty list as none, so it would differ at every `up`.
      spec: {
        podSelector: selectorOf(group, settings, owner),
        policyTypes: ["Ingress", "Egress"],
        ...(ingress.length === 0 ? {} : { ingress }),
        ...(egress.length === 0 ? {} : { egress }),
      },
    });
  }
  return policies;
}

/** Peers of a rule; undefined for any: with some plug-ins a range of all addresses would not hold the API server. */
function peersOf(peer: Flow["from"], settings: Settings, owner: Pick<Owner, "stack">): Peer[] | undefined {
  const { namespaces, ingressNamespaces } = settings;
  if (peer === "anywhere") return undefined;
  if (peer === "dns") return dns;
  if (peer === "ingress")
    return [
      { namespaceSelector: { matchExpressions: [{ key: namespaceName, operator: "In", values: ingressNamespaces }] } },
    ];
  const group = podGroups[peer];
  return [
    {
      namespaceSelector: { matchLabels: { [namespaceName]: namespaces[group.part] } },
      podSelector: selectorOf(group, settings, owner),
    },
  ];
}

/** The pods of a group that are the stack's. */
function selectorOf({ part, selector }: PodGroup, settings: Settings, owner: Pick<Owner, "stack">): Selector {
  return { ...selector, matchLabels: { ...selector.matchLabels, ...podLabelsOf(part, settings, owner) } };
}

/** Label that Kubernetes itself gives every namespace. */
const namespaceName = "kubernetes.io/metadata.name";

const dns: Peer[] = [
  {
    namespaceSelector: { matchLabels: { [namespaceName]: "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
  },
  // NodeLocal DNSCache, where there is one
  { ipBlock: { cidr: "169.254.20.10/32" } },
];

function portsOf(to: Flow["to"], numbers: readonly number[]): Port[] {
  const protocols = to === "dns" ? (["UDP", "TCP"] as const) : (["TCP"] as const);
  return numbers.flatMap((port) => protocols.map((protocol) => ({ protocol, port })));
}
