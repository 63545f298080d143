import { BlockList, isIP } from "node:net";
import { AppsV1Api, CoreV1Api, DiscoveryV1Api, type KubeConfig, type V1DaemonSet } from "@kubernetes/client-node";
import type { Plain } from "../config/defaults";
import type { Settings } from "../config/settings";
import { setCommand, type Problem } from "../domain/problem";
import { dnsNamespaces } from "../render/networkPolicies";
import type { KubeletFacts } from "./kubelet";
import { ifSeen } from "./looks";

/** A Service that answers on the port of DNS. */
export interface DnsService {
  name: string;
  namespace: string;
  addresses: string[];
  /** Ports of its pods; empty without pods. */
  podPorts: number[];
}

/** The DNS of a cluster. A field is undefined if we may not see it. */
export interface DnsFacts {
  services?: DnsService[];
  /** Domain of Services, and the servers that pods ask, as the kubelets say. */
  domain?: string;
  servers?: string[];
  /** Addresses on which a cache on each node listens. */
  caches?: string[];
}

/** What the judgement needs to know about the stack. */
export interface DnsWishes extends Pick<Settings, "dns" | "networkPolicies"> {
  /** Whether Loki has a gateway, which asks the DNS by name. */
  gateway: boolean;
}

const dnsPort = 53;

/** Looks up the cluster's DNS. Changes nothing. */
export async function dnsFacts(kubeConfig: KubeConfig, kubelets: readonly KubeletFacts[]): Promise<DnsFacts> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const [services, slices, cache] = await Promise.all([
    ifSeen(core.listServiceForAllNamespaces(), undefined),
    ifSeen(kubeConfig.makeApiClient(DiscoveryV1Api).listEndpointSliceForAllNamespaces(), undefined),
    ifSeen(
      kubeConfig.makeApiClient(AppsV1Api).readNamespacedDaemonSet({ namespace: "kube-system", name: "node-local-dns" }),
      undefined,
    ),
  ]);
  return {
    services: services?.items
      .filter(({ spec }) => spec?.ports?.some(({ port, protocol }) => port === dnsPort && protocol === "UDP"))
      .map(({ metadata, spec }) => ({
        name: metadata?.name ?? "",
        namespace: metadata?.namespace ?? "",
        addresses: spec?.clusterIPs ?? [],
        podPorts: distinct(
          (slices?.items ?? [])
            .filter(
              ({ metadata: slice }) =>
                slice?.namespace === metadata?.namespace &&
                slice?.labels?.["kubernetes.io/service-name"] === metadata?.name,
            )
            .flatMap(({ endpoints, ports }) => (endpoints.length === 0 ? [] : (ports ?? [])))
            .filter(({ protocol }) => protocol === "UDP")
            .flatMap(({ port }) => port ?? []),
        ),
      })),
    domain: kubelets.find(({ clusterDomain }) => clusterDomain !== undefined)?.clusterDomain,
    servers: kubelets.length === 0 ? undefined : distinct(kubelets.flatMap(({ clusterDns }) => clusterDns)),
    caches: cache === undefined ? undefined : cacheAddresses(cache),
  };
}

/** Addresses on which NodeLocal DNSCache listens (`-localip`), on some clusters also that of the DNS Service. Pure. */
export function cacheAddresses({ spec }: V1DaemonSet): string[] {
  const args = (spec?.template.spec?.containers ?? []).flatMap((container) => [
    ...(container.command ?? []),
    ...(container.args ?? []),
  ]);
  const at = args.findIndex((arg) => /^--?localip(=|$)/.test(arg));
  if (at < 0) return [];
  const value = /=(.*)$/.exec(args[at]!)?.[1] ?? args[at + 1] ?? "";
  return value.split(",").filter((address) => isIP(address) > 0);
}

/** A setting below `dns` that the cluster contradicts: its value, or what its list lacks. */
type Change =
  | { name: "service" | "namespace" | "domain"; value: string }
  | { name: "ports"; added: number }
  | { name: "cidrs"; added: string };

/** How the settings contradict the cluster's DNS, and what would mend it. */
interface Difference {
  problem: string;
  changes: Change[];
}

/** How the settings contradict the cluster's DNS, each with its remedy. Pure. */
export function dnsFindings(facts: DnsFacts, wishes: DnsWishes): Problem[] {
  const lengths = { ports: wishes.dns.ports.length, cidrs: wishes.dns.cidrs.length };
  return differences(facts, wishes).map(({ problem, changes }) => ({
    problem,
    remedy: changes
      .map((change) =>
        "value" in change
          ? setCommand(`dns.${change.name}`, change.value)
          : setCommand(`dns.${change.name}[${lengths[change.name]++}]`, String(change.added)),
      )
      .join("; "),
  }));
}

/** Settings below `dns` that the cluster asks for, and why. Pure. */
export function dnsValues(facts: DnsFacts, wishes: DnsWishes): { name: string; value: Plain; why: string }[] {
  const found = differences(facts, wishes);
  const values = found.flatMap(({ problem, changes }) =>
    changes.flatMap((change) => ("value" in change ? [{ name: change.name, value: change.value, why: problem }] : [])),
  );
  const lists = (["ports", "cidrs"] as const).flatMap((name) => {
    const added = found.flatMap(({ changes }) =>
      changes.flatMap((change) => (change.name === name && "added" in change ? [change.added] : [])),
    );
    const why = `pods ask DNS at ${added.join(", ")}`;
    return added.length === 0 ? [] : [{ name, value: [...wishes.dns[name], ...added], why }];
  });
  // A Service that is missing may also be one whose pods the network policies close.
  const distinctValues = values.filter(({ name }, index) => values.findIndex((one) => one.name === name) === index);
  return [...distinctValues, ...lists];
}

function differences(facts: DnsFacts, wishes: DnsWishes): Difference[] {
  return [...otherDomain(facts, wishes), ...otherService(facts, wishes), ...closedServers(facts, wishes)];
}

function otherDomain({ domain }: DnsFacts, { dns }: DnsWishes): Difference[] {
  if (domain === undefined || domain === dns.domain) return [];
  return [
    {
      problem: `the cluster's domain is ${domain}, and dns.domain is ${dns.domain}`,
      changes: [{ name: "domain", value: domain }],
    },
  ];
}

const service = ({ name, namespace }: DnsService): Change[] => [
  { name: "service", value: name },
  { name: "namespace", value: namespace },
];

function otherService({ services = [], servers = [] }: DnsFacts, { dns, gateway }: DnsWishes): Difference[] {
  const exists = services.some(({ name, namespace }) => name === dns.service && namespace === dns.namespace);
  if (!gateway || dns.address !== undefined || services.length === 0 || exists) return [];
  const asked = services.find(({ addresses }) => addresses.some((address) => servers.includes(address)));
  const found = asked ?? services.find(({ podPorts }) => podPorts.length > 0) ?? services[0]!;
  return [
    {
      problem:
        `the cluster has no Service ${dns.service} in ${dns.namespace}, which Loki's gateway asks for names ` +
        `(dns.service, dns.namespace); ${found.name} in ${found.namespace} serves DNS`,
      changes: service(found),
    },
  ];
}

/** With network policies: what is closed of the servers that pods ask. */
function closedServers({ services, servers = [], caches = [] }: DnsFacts, wishes: DnsWishes): Difference[] {
  if (!wishes.networkPolicies || services === undefined) return [];
  const { dns } = wishes;
  const asked = services.filter(({ addresses }) => addresses.some((address) => servers.includes(address)));
  const closed = distinct(asked.flatMap(({ podPorts }) => podPorts)).filter((port) => !dns.ports.includes(port));
  const byPods = asked.filter(({ podPorts }) => podPorts.length > 0).flatMap(({ addresses }) => addresses);
  const outside = distinct([...caches, ...servers.filter((address) => !byPods.includes(address))]).filter(
    (address) => !covers(dns.cidrs, address),
  );
  const elsewhere = asked.filter(
    ({ namespace, podPorts }) => podPorts.length > 0 && !dnsNamespaces(wishes).includes(namespace),
  );
  return [
    ...elsewhere.map((found) => ({
      problem: `pods ask the DNS Service ${found.name} in ${found.namespace}, whose pods the network policies close`,
      changes: service(found),
    })),
    ...closed.map((port): Difference => ({
      problem: `the DNS pods listen on port ${port}, which the network policies close`,
      changes: [{ name: "ports", added: port }],
    })),
    ...outside.map((address): Difference => ({
      problem: `pods ask the DNS server ${address}, which is no pod, and which the network policies close`,
      changes: [{ name: "cidrs", added: `${address}/${isIP(address) === 6 ? 128 : 32}` }],
    })),
  ];
}

function covers(cidrs: readonly string[], address: string): boolean {
  const family = (text: string) => (isIP(text) === 6 ? "ipv6" : "ipv4");
  const block = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits] = cidr.split("/");
    block.addSubnet(network, Number(bits), family(network));
  }
  return block.check(address, family(address));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
