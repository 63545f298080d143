import { BlockList } from "node:net";

import { selects } from "../../charts/selectors";
import type { Part } from "../../domain/parts";
import type { Policy, PolicySpec } from "../../render/networkPolicies";

/** One end of a connection: a pod, or an address outside the cluster, which has no namespace. */
export interface End {
  namespace?: string;
  labels?: Record<string, string>;
  address?: string;
}

type Protocol = "TCP" | "UDP";
type Rule = NonNullable<PolicySpec["ingress"]>[number];
type Peer = NonNullable<Rule["from"]>[number];

/** Policies of the cluster, each with its namespace. */
export type ClusterPolicies = readonly (Policy & { namespace: string })[];

/** The policies in the cluster. */
export function inCluster(policies: Record<Part, Policy[]>, namespaces: Record<Part, string>): ClusterPolicies {
  return Object.entries(policies).flatMap(([part, list]) =>
    list.map((policy) => ({ ...policy, namespace: namespaces[part as Part] })),
  );
}

/**
 * Whether the rules of networking.k8s.io/v1 allow a connection. If a policy for that direction selects an end, that end
 * needs a rule that allows the other end. An end that no policy selects is open.
 */
export function allows(
  policies: ClusterPolicies,
  [from, to]: readonly [from: End, to: End],
  port: number,
  protocol: Protocol = "TCP",
): boolean {
  const of = (end: End, type: "Ingress" | "Egress") =>
    policies.filter(
      ({ namespace, spec }) =>
        namespace === end.namespace && spec.policyTypes.includes(type) && selects(spec.podSelector, end.labels ?? {}),
    );
  const open = (rule: { ports: Rule["ports"] }, peers: Peer[] | undefined, other: End) =>
    rule.ports.some((allowed) => allowed.port === port && allowed.protocol === protocol) &&
    (peers === undefined || peers.some((peer) => isPeer(peer, other)));
  const goingOut = of(from, "Egress");
  const comingIn = of(to, "Ingress");
  return (
    (goingOut.length === 0 || goingOut.some(({ spec }) => spec.egress?.some((rule) => open(rule, rule.to, to)))) &&
    (comingIn.length === 0 || comingIn.some(({ spec }) => spec.ingress?.some((rule) => open(rule, rule.from, from))))
  );
}

function isPeer({ namespaceSelector, podSelector, ipBlock }: Peer, { namespace, labels, address }: End): boolean {
  if (ipBlock !== undefined) {
    const [network = "", length] = ipBlock.cidr.split("/");
    const block = new BlockList();
    block.addSubnet(network, Number(length));
    return address !== undefined && block.check(address);
  }
  if (namespace === undefined || namespaceSelector === undefined) return false;
  return (
    selects(namespaceSelector, { "kubernetes.io/metadata.name": namespace }) && selects(podSelector ?? {}, labels ?? {})
  );
}
