import type { Settings } from "../config/settings";
import { readDataSources } from "../config/grafanaFiles";
import { alertmanagerName, canaryName, eventsName, podPorts, ports, tierJobName } from "../domain/names";
import { hasExistingStore, hasMinio } from "../domain/objectStore";
import { partNames, type Part } from "../domain/parts";
import { alloyPorts } from "./alloy/ports";
import { podLabelsOf, stackLabels, type Owner } from "./ownership";
import { tierPort } from "./minio/tier";
import { portOf } from "../domain/url";
import { storePorts } from "./objectStore";
import { topologyOf } from "./topology";

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

/** Name of a group in {@link podGroups}. */
export type PodGroupName =
  | Part
  | "minio-tier"
  | "loki-gateway"
  | "loki-chunks-cache"
  | "loki-results-cache"
  | "alertmanager"
  | "canary"
  | "events";

/** Every kind of pod of the platform, in any topology. During a change of topology, pods of both exist. */
export const podGroups: Readonly<Record<PodGroupName, PodGroup>> = {
  minio: { part: "minio", selector: { matchLabels: { app: "minio" } } },
  "minio-tier": { part: "minio", selector: { matchLabels: { app: tierJobName } } },
  loki: lokiPods("single-binary", "write", "read", "backend"),
  "loki-gateway": lokiPods("gateway"),
  "loki-chunks-cache": lokiPods("memcached-chunks-cache"),
  "loki-results-cache": lokiPods("memcached-results-cache"),
  alertmanager: { part: "loki", selector: { matchLabels: { "app.kubernetes.io/name": alertmanagerName } } },
  alloy: { part: "alloy", selector: { matchLabels: { "app.kubernetes.io/name": "alloy" } } },
  canary: { part: "alloy", selector: { matchLabels: { "app.kubernetes.io/name": canaryName } } },
  events: { part: "alloy", selector: { matchLabels: { "app.kubernetes.io/name": eventsName } } },
  grafana: { part: "grafana", selector: { matchLabels: { "app.kubernetes.io/name": "grafana" } } },
};

/**
 * Peers that are not part of the platform: the cluster's DNS, pods of `ingressNamespaces` and addresses of
 * `ingressCidrs`, pods of `monitoring.namespaces`, or any address.
 */
export type Outsider = "dns" | "ingress" | "monitoring" | "anywhere";

/** Traffic that the policies allow. They refuse all other. */
export interface Flow {
  /** Who opens the connection. */
  from: PodGroupName | Outsider;
  /** Who accepts it. */
  to: PodGroupName | Outsider;
  /** Ports of the pod that accepts it, not of its Service. */
  ports: readonly number[];
  /** What the flow is for, in words. docs/network-policies.md shows it. */
  why: string;
}

/**
 * Every flow of a stack, side by side. Answers need no flow. The kubelet of a node always reaches its pods, for probes,
 * logs and port-forward.
 */
export function flowsOf(settings: Settings): Flow[] {
  const { alerts, alloy, apiServerPorts, canary, dns, grafana, loki, minio, monitoring } = settings;
  const { moving } = settings.objectStore;
  const withMinio = hasMinio(settings.objectStore);
  const elsewhere = hasExistingStore(settings.objectStore) ? storePorts(settings) : [];
  const topology = topologyOf(settings);
  const gateway = topology.replicas.gateway > 0;
  const distributed = withMinio && minio.servers > 1;
  const { tier } = minio;
  const ingress = settings.ingressNamespaces.length + settings.ingressCidrs.length > 0;
  const scraped = monitoring.namespaces.length > 0;

  const events = alloy.events.enabled;
  const own = alerts.alertmanager === "own";
  const existing = distinct(alerts.existing.urls.map(portOf));
  const { prometheusUrl } = monitoring;
  const asked = distinct([
    ...existing,
    ...(prometheusUrl === undefined ? [] : [portOf(prometheusUrl)]),
    ...portsOfGrafana(settings),
  ]);
  const further = alloyPorts(settings);
  const outside = distinct([
    ...existing,
    ...(alerts.recording.url === undefined ? [] : [portOf(alerts.recording.url)]),
  ]);

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
    ["alloy", "anywhere", apiServerPorts, true, "asks the Kubernetes API for pods and their lines"],
    ["alloy", "dns", dns.ports, true, "resolves the names of Loki and the API"],

    ["ingress", "alloy", further, ingress && further.length > 0, "sends lines to further components of Alloy"],

    ["canary", entry, [http], canary.enabled, "reads its lines back"],
    ["canary", "dns", dns.ports, canary.enabled, "resolves the name of Loki"],

    ["events", entry, [http], events, "pushes events"],
    ["events", "anywhere", apiServerPorts, events, "asks the Kubernetes API for events"],
    ["events", "dns", dns.ports, events, "resolves the names of Loki and the API"],

    ["grafana", entry, [http], grafana.enabled, "queries logs"],
    ["grafana", "dns", dns.ports, grafana.enabled, "resolves the name of Loki"],
    ["ingress", "grafana", [podPorts.grafana], ingress && grafana.enabled, "lets people use Grafana"],
    ["ingress", entry, [http], ingress, "pushes and queries from outside the platform"],

    // The gateway (nginx) and the caches have no metrics.
    ["monitoring", "loki", [ports.lokiHttp], scraped, "reads Loki's metrics; the port also serves Loki's API"],
    [
      "monitoring",
      "minio",
      [ports.minioApi],
      withMinio && scraped,
      "reads MinIO's metrics; the port also serves MinIO's API",
    ],
    ["monitoring", "alloy", [ports.alloy], scraped, "reads Alloy's metrics"],
    ["monitoring", "canary", [ports.canary], scraped && canary.enabled, "reads the canary's metrics"],
    ["monitoring", "events", [ports.alloy], scraped && events, "reads the metrics of the reader of events"],
    ["monitoring", "grafana", [podPorts.grafana], scraped && grafana.enabled, "reads Grafana's metrics"],

    ["loki-gateway", "loki", [ports.lokiHttp], gateway, "forwards pushes and queries"],
    ["loki-gateway", "dns", dns.ports, gateway, "resolves the names of the targets"],
    [
      "loki",
      "loki",
      [ports.lokiHttp, ports.lokiGrpc, ...ring],
      true,
      "shares the ring, and sends requests between targets",
    ],
    // During a move both: a Loki that stops flushes to the store that it had.
    ["loki", "minio", [ports.minioApi], withMinio, "stores and reads chunks and index"],
    ["loki", "anywhere", elsewhere, elsewhere.length > 0, "stores and reads chunks and index in the object store"],
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
      "caches query results",
    ],
    ["loki", "dns", dns.ports, true, "resolves the names of MinIO, caches and the ring"],

    ["loki", "alertmanager", [ports.alertmanager], own, "sends alerts"],
    ["grafana", "alertmanager", [ports.alertmanager], own && grafana.enabled, "sends alerts, and shows silences"],
    [
      "alertmanager",
      "alertmanager",
      [ports.alertmanagerGossip],
      own && alerts.own.instances > 1,
      "shares silences and what was sent",
    ],
    ["alertmanager", "anywhere", alerts.own.receiverPorts, own, "notifies the receivers"],
    ["alertmanager", "dns", dns.ports, own, "resolves the names of the receivers"],
    ["loki", "anywhere", outside, outside.length > 0, "sends alerts to the Alertmanager, and series to Prometheus"],
    [
      "grafana",
      "anywhere",
      asked,
      asked.length > 0 && grafana.enabled,
      "asks the Alertmanager and the Prometheus, and what its settings name: data sources, login, database, mail, plug-ins",
    ],
    [
      "grafana",
      "grafana",
      [ports.grafanaGossip],
      grafana.enabled && grafana.replicas > 1,
      "tells which alerts it has sent",
    ],

    ["minio", "minio", [ports.minioApi], distributed, "uses the drives of the other servers"],
    [
      "minio",
      "dns",
      dns.ports,
      distributed || tier !== undefined || moving,
      "resolves the names of the other servers and the remote tier",
    ],
    ["minio", "anywhere", elsewhere, moving, "lets you copy logs from or to the other object store"],
    [
      "minio",
      "anywhere",
      tier === undefined ? [] : [tierPort(tier)],
      tier !== undefined,
      "moves chunks to the remote tier and reads them back",
    ],
    ["minio-tier", "minio", [ports.minioApi], tier !== undefined, "adds the remote tier to MinIO"],
    ["minio-tier", "dns", dns.ports, tier !== undefined, "resolves the name of MinIO"],
    // minio.endpoint leads to MinIO from outside the cluster, on a path that only the operator knows.
    [
      "anywhere",
      "minio",
      [ports.minioApi],
      withMinio && minio.endpoint !== undefined,
      "lets the machine that runs Pulumi reach minio.endpoint",
    ],
  ];
  return lines.filter(([, , , holds]) => holds).map(([from, to, open, , why]) => ({ from, to, ports: open, why }));
}

/** Ports of those outside of the platform that Grafana's settings name. */
function portsOfGrafana({ grafana }: Settings): number[] {
  const { database, oidc, plugins, smtp } = grafana;
  const addresses = [
    ...grafana.dataSourceFiles.flatMap((path) => readDataSources(path).content).map(({ url }) => url),
    oidc?.tokenUrl,
    oidc?.apiUrl,
    ...(plugins.length === 0 ? [] : ["https://grafana.com"]),
    database?.host,
    smtp?.host,
  ].filter((address) => address !== undefined);
  // Data sources of databases have addresses without a scheme, and a variable is none.
  const urls = addresses.map((address) => (address.includes("://") ? address : `tcp://${address}`));
  return urls.filter((url) => URL.canParse(url)).map(portOf);
}

function distinct(numbers: number[]): number[] {
  return [...new Set(numbers)];
}

interface Peer {
  namespaceSelector?: Selector;
  podSelector?: Selector;
  ipBlock?: { cidr: string };
}

type Port = { protocol: "TCP" | "UDP"; port: number };

/** `spec` of a NetworkPolicy. A rule without peers applies to all of them. */
export interface PolicySpec {
  /** Pods that the policy applies to; an empty selector means every pod of the namespace. */
  podSelector: Selector;
  /** Directions in which the policy refuses what no rule allows. */
  policyTypes: ("Ingress" | "Egress")[];
  /** Incoming traffic that is allowed. Default: none. */
  ingress?: { from?: Peer[]; ports: Port[] }[];
  /** Outgoing traffic that is allowed. Default: none. */
  egress?: { to?: Peer[]; ports: Port[] }[];
}

/** A NetworkPolicy of a namespace. */
export interface Policy {
  /** What it is for, such as "default-deny". Unique within its part. */
  key: string;
  /** Its name in the namespace: the key, or in an existing namespace a name that no policy of others has. */
  name: string;
  /** `spec` of the NetworkPolicy. */
  spec: PolicySpec;
}

/**
 * The policies of each part's namespace. They refuse everything except the flows. Empty if the stack has no network
 * policies. In an existing namespace they select only the stack's own pods, by the labels that these pods have there.
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
      // The API server drops an empty list, so every `up` would show a difference.
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

/**
 * Peers of a rule. Undefined means any: with some plug-ins, a range of all addresses would not include the API server.
 */
function peersOf(peer: Flow["from"], settings: Settings, owner: Pick<Owner, "stack">): Peer[] | undefined {
  const { namespaces, ingressCidrs, ingressNamespaces, monitoring } = settings;
  if (peer === "anywhere") return undefined;
  if (peer === "dns") return dnsServers(settings);
  if (peer === "ingress")
    return [...(ingressNamespaces.length === 0 ? [] : podsIn(ingressNamespaces)), ...addressesIn(ingressCidrs)];
  if (peer === "monitoring") return podsIn(monitoring.namespaces);
  const group = podGroups[peer];
  return [
    {
      namespaceSelector: { matchLabels: { [namespaceName]: namespaces[group.part] } },
      podSelector: selectorOf(group, settings, owner),
    },
  ];
}

/** All pods of some namespaces. */
function podsIn(names: string[]): Peer[] {
  return [{ namespaceSelector: { matchExpressions: [{ key: namespaceName, operator: "In", values: names }] } }];
}

/** The pods of a group that are the stack's. */
function selectorOf({ part, selector }: PodGroup, settings: Settings, owner: Pick<Owner, "stack">): Selector {
  return { ...selector, matchLabels: { ...selector.matchLabels, ...podLabelsOf(part, settings, owner) } };
}

/** Label that Kubernetes sets on every namespace, with the namespace's name. */
const namespaceName = "kubernetes.io/metadata.name";

/** Where DNS pods may run: where common distributions have them (the second is OpenShift's), and the stack's own. */
export function dnsNamespaces({ dns }: Pick<Settings, "dns">): string[] {
  return [...new Set(["kube-system", "openshift-dns", dns.namespace])];
}

/**
 * Every pod of these namespaces, on the ports of DNS alone: the labels of DNS pods differ between distributions. And
 * servers that are no pods.
 */
function dnsServers(settings: Settings): Peer[] {
  return [...podsIn(dnsNamespaces(settings)), ...addressesIn(settings.dns.cidrs)];
}

function addressesIn(cidrs: readonly string[]): Peer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

function portsOf(to: Flow["to"], numbers: readonly number[]): Port[] {
  return numbers.flatMap((port) => {
    const both = to === "dns" || port === ports.alertmanagerGossip || port === ports.grafanaGossip;
    const protocols = both ? (["UDP", "TCP"] as const) : (["TCP"] as const);
    return protocols.map((protocol) => ({ protocol, port }));
  });
}
