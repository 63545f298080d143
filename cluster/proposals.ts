import { dnsValues } from "./dns";
import { runsDocker } from "./hostLogs";
import type { Plain } from "../config/defaults";
import type { Proposal } from "../config/stackFile";
import type { Settings } from "../config/settings";
import { erasureText } from "../domain/erasure";
import { setCommand } from "../domain/problem";
import { closedPorts, isLarge, prodNodes, usable, type ClusterFacts } from "./preflight";
import type { ClusterTraits } from "./traits";

/** What a cluster suggests for its stack. */
export interface Advice {
  /** Settings without which the stack would not fit, or would not survive what it could. */
  proposals: Proposal[];
  /** What else is there, and the command that would use it: decisions that only people can make. */
  hints: string[];
}

/** What the stack file and the defaults decide already. */
export interface Given {
  /** The profile that the file names. Default: the one that the cluster suggests. */
  profile?: Plain;
  /** Whether the file has an object store in place of MinIO. Default: false. */
  withoutMinio?: boolean;
  /** Ports that the network policies leave open. */
  apiServerPorts: Settings["apiServerPorts"];
  ipFamilies: Settings["ipFamilies"];
  dns: Settings["dns"];
}

/** What a cluster suggests. Pure. */
export function adviceFor(facts: ClusterFacts, traits: ClusterTraits, given: Given): Advice {
  const suggested = profile(facts);
  return {
    proposals: [
      suggested,
      ...(given.withoutMinio === true ? [] : servers(facts, given.profile ?? suggested.value)),
      ...storageClass(facts),
      ...apiServerPorts(facts, given),
      ...families(facts, given),
      ...dnsValues(traits.dns, {
        ...given,
        networkPolicies: true,
        gateway: (given.profile ?? suggested.value) === "prod",
      }).map(({ name, value, why }) => setting(`dns.${name}`, value, why)),
      ...source(facts),
    ],
    hints: [...certificates(traits), ...monitoring(traits), ...networkPlugin(traits), ...otherNodes(traits)],
  };
}

function setting(path: string, value: Plain, why: string): Proposal {
  const [group = "", ...below] = path.split(".");
  return { path: [`logharbor:${group}`, ...below], value, why };
}

function profile(facts: ClusterFacts): Proposal {
  const nodes = usable(facts);
  const large = nodes.filter(isLarge).length;
  const size = `${prodNodes.cpu} cores and 8 GB or more`;
  if (facts.nodes === undefined)
    return setting("profile", "dev", `you may not see the nodes; prod needs ${prodNodes.count} of ${size}`);
  return large >= prodNodes.count
    ? setting("profile", "prod", `${large} nodes have ${size}: replicas survive the loss of one`)
    : setting("profile", "dev", `${large} of ${nodes.length} nodes have ${size}, and prod needs ${prodNodes.count}`);
}

/** For three nodes. The default of prod has four servers, each on a node of its own. */
const threeServers = { servers: 3, drivesPerServer: 2 };

function servers(facts: ClusterFacts, chosen: Plain): Proposal[] {
  if (chosen !== "prod" || usable(facts).length !== threeServers.servers) return [];
  return [
    setting("minio.servers", threeServers.servers, `one on each of the 3 nodes: ${erasureText(threeServers)}`),
    setting("minio.drivesPerServer", threeServers.drivesPerServer, "two volumes for each server"),
  ];
}

function storageClass({ storageClasses }: ClusterFacts): Proposal[] {
  if (storageClasses === undefined || storageClasses.some(({ isDefault }) => isDefault)) return [];
  const [first, ...others] = storageClasses.map(({ name }) => name);
  if (first === undefined) return [];
  const also = others.length === 0 ? "" : `; there are also ${others.join(", ")}`;
  return [setting("storageClass", first, `no StorageClass is the default${also}`)];
}

function apiServerPorts(facts: ClusterFacts, { apiServerPorts: open }: Given): Proposal[] {
  const closed = closedPorts(facts, open);
  if (closed.length === 0) return [];
  return [setting("apiServerPorts", [...open, ...closed], `the API server listens on port ${closed.join(", ")}`)];
}

function families({ ipFamilies: found }: ClusterFacts, { ipFamilies: wanted }: Given): Proposal[] {
  if (found === undefined || (found[0] === wanted[0] && found.length === wanted.length)) return [];
  return [setting("ipFamilies", found, `the pods' addresses are ${found.join(" and ")}`)];
}

function source({ nodes = [] }: ClusterFacts): Proposal[] {
  if (!nodes.some(runsDocker)) return [];
  return [
    setting("alloy.source", "kubernetes-api", "nodes run Docker, whose log files are links that Alloy cannot follow"),
  ];
}

function certificates({ apiGroups, issuers }: ClusterTraits): string[] {
  if (!apiGroups.includes("cert-manager.io")) return [];
  const [issuer] = issuers;
  return [
    issuer === undefined
      ? "cert-manager is there, but no ClusterIssuer with a CA of its own: only such a one signs names inside the cluster"
      : `cert-manager is there: ${setCommand("tls.certificates", "cert-manager")} and ` +
        `${setCommand("tls.issuer", issuer)} encrypt all traffic`,
  ];
}

function monitoring({ prometheuses }: ClusterTraits): string[] {
  return prometheuses.map(({ namespace, labels }) => {
    const wanted = Object.entries(labels).map(([name, value], index) =>
      setCommand(`monitoring.labels[${index}]`, `${name}=${value}`),
    );
    return (
      `a Prometheus runs in ${namespace}: ${setCommand("monitoring.namespaces[0]", namespace)} lets it in` +
      `${wanted.length === 0 ? "" : `, and ${wanted.join(", ")} lets it find the monitors`}; docs/monitoring.md says what else that opens`
    );
  });
}

function networkPlugin({ networkPlugin: plugin }: ClusterTraits): string[] {
  if (plugin?.enforces === true) return [];
  return [
    plugin === undefined
      ? "no network plug-in was found that is known to enforce NetworkPolicies; if yours does not, the stack's have no effect"
      : `${plugin.name} does not enforce NetworkPolicies, so the stack's have no effect`,
  ];
}

function otherNodes({ otherNodes: nodes }: ClusterTraits): string[] {
  return nodes.length === 0
    ? []
    : [`the logs of these nodes are not collected: ${nodes.map(({ name, why }) => `${name} (${why})`).join(", ")}`];
}
