import { formatCpu, formatMemory } from "../domain/quantity";
import { problemLines, setCommand, type Problem } from "../domain/problem";
import type { Profile, Settings } from "../config/settings";

/** CPU in cores and memory in bytes. */
export interface Amount {
  cpu: number;
  memory: number;
}

export interface NodeFacts {
  name: string;
  ready: boolean;
  /** Whether pods of Linux without tolerations may be placed there. */
  schedulable: boolean;
  /** What the machine itself has. */
  capacity: Amount;
  /** What pods may request. */
  allocatable: Amount;
  /** What running pods request, without those of this stack. */
  requested: Amount;
  /** Its container runtime and that one's version, such as "containerd://2.1.4". */
  runtime?: string;
  /** Its zone, if the cluster labels it. */
  zone?: string;
}

/** Facts about a cluster that answers. */
export interface ClusterFacts {
  /** Such as "v1.34.3". */
  version: string;
  /** This and the next are undefined if we may not see them. */
  nodes?: NodeFacts[];
  storageClasses?: { name: string; isDefault: boolean }[];
  /** Families of the pods' addresses, the first one first; undefined if no pod shows them. */
  ipFamilies?: Settings["ipFamilies"];
  /** Ports on which the API server itself listens, behind its Service. */
  apiServerPorts?: number[];
  /** Rights that are missing, such as "create clusterroles". */
  missingRights: string[];
  /** Whether the API server enforces Pod Security labels; undefined if we may not find out. */
  podSecurity: boolean | undefined;
}

/** What a stack needs from its cluster. */
export interface Wishes {
  profile: Profile;
  /** StorageClass that the settings name. Default: the cluster's. */
  storageClass?: string;
  spread: Settings["spread"];
  alloy: Pick<Settings["alloy"], "source">;
  minio: Pick<Settings["minio"], "servers">;
  networkPolicies: boolean;
  ipFamilies: Settings["ipFamilies"];
  /** Ports of the API server that the network policies leave open. */
  apiServerPorts: number[];
  /** Replicas of its largest workload among those that are spread. */
  replicas: number;
  /** What its MinIO survives, in words. Default: it has none. */
  erasure?: string;
  /** Requests of its pods: in total, wherever they run, and on each node. */
  requests: { fixed: Amount; perNode: Amount };
}

const oldestMinor = 25;
/** What prod needs: so many nodes of this size. */
export const prodNodes = { count: 3, cpu: 4, memory: 8e9 };
/** A machine with 8 GB shows a little less, because firmware and kernel keep some. */
const memoryTolerance = 0.94;

/** Everything that the cluster lacks for the stack, each with its remedy; empty if `up` may begin. Pure. */
export function preflight(facts: ClusterFacts, wishes: Wishes): Problem[] {
  return [
    ...versionFindings(facts),
    ...nodeFindings(facts, wishes),
    ...spreadFindings(facts, wishes),
    ...storageFindings(facts, wishes),
    ...rightsFindings(facts),
    ...podSecurityFindings(facts),
    ...apiServerFindings(facts, wishes),
    ...familyFindings(facts, wishes),
  ];
}

/** The result of a preflight, besides its facts. */
export interface Judgement {
  findings: readonly Problem[];
  /** What else is worth a line. Default: nothing. */
  notes?: readonly string[];
}

/** The findings as one text. Without findings: what was checked, what the stack requests, what it survives. Pure. */
export function preflightReport(facts: ClusterFacts, wishes: Wishes, { findings, notes = [] }: Judgement): string {
  if (findings.length > 0) {
    const count = findings.length === 1 ? "One thing keeps" : `${findings.length} things keep`;
    return [
      `${count} the cluster from taking the stack:`,
      ...findings.flatMap((finding) => problemLines(finding, "- ").map((line) => `  ${line}`)),
    ].join("\n");
  }
  const nodes = usable(facts);
  const free = sum(nodes.map(freeOf));
  return [
    `Kubernetes ${facts.version}, ${counted(nodes.length, "node")} with ${amountText(free)} free, ` +
      "StorageClass, rights and Pod Security: all fine",
    `  requests: ${amountText(wantedOf(nodes, wishes))}`,
    ...(wishes.replicas > 1 ? [`  spread: ${spreadText(nodes, wishes)}`] : []),
    ...(wishes.erasure === undefined ? [] : [`  MinIO: ${wishes.erasure}`]),
    ...[...notes, ...preflightNotes(wishes)].map((note) => `  note: ${note}`),
  ].join("\n");
}

/** What a stack loses by its own settings. The cluster lacks nothing, so `up` may begin. Pure. */
export function preflightNotes({ alloy }: Wishes): string[] {
  if (alloy.source !== "kubernetes-api") return [];
  // Measured: docs/durability.md.
  return [
    "alloy.source is kubernetes-api, which loses lines when a container restarts or a pod is deleted within " +
      "seconds of its start: docs/durability.md; files reads these lines too: " +
      "`pulumi config set --path logharbor:alloy.source files`",
  ];
}

/** Which rule applies to the replicas of one workload. */
function spreadText(nodes: readonly NodeFacts[], { spread, replicas }: Wishes): string {
  const overNodes =
    spread.nodes === "required"
      ? "each replica on its own node"
      : nodes.length < replicas
        ? `up to ${replicas} replicas share ${counted(nodes.length, "node")}, as spread.nodes is preferred: ` +
          "the loss of a node may stop the stack"
        : "each replica on its own node while enough nodes are up (spread.nodes is preferred)";
  return `${overNodes}; evenly over zones${spread.zones === "required" ? "" : ", if the cluster has any"}`;
}

function versionFindings({ version }: ClusterFacts): Problem[] {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) > 1 || Number(minor) >= oldestMinor) return [];
  return [
    { problem: `Kubernetes is ${version}; the charts need 1.${oldestMinor} or newer`, remedy: "upgrade the cluster" },
  ];
}

function nodeFindings(facts: ClusterFacts, wishes: Wishes): Problem[] {
  const { profile, spread } = wishes;
  if (facts.nodes === undefined) return [];
  const nodes = usable(facts);
  if (nodes.length === 0) {
    const states = facts.nodes.map(({ name, ready }) => `${name} (${ready ? "closed to ordinary pods" : "not ready"})`);
    return [
      {
        problem: `no node takes pods${states.length === 0 ? "" : `: ${states.join(", ")}`}`,
        remedy: "see why with kubectl describe nodes; then uncordon or repair them, or remove their taints",
      },
    ];
  }
  const findings: Problem[] = [];
  const large = nodes.filter(isLarge);
  // Whoever lets replicas share nodes knows that the cluster is small.
  if (profile === "prod" && spread.nodes === "required" && large.length < prodNodes.count) {
    const sizes = nodes.map(({ name, capacity }) => `${name} has ${amountText(capacity)}`).join("; ");
    findings.push({
      problem:
        `prod needs at least ${prodNodes.count} nodes with ${prodNodes.cpu} cores and 8 GB each; ` +
        `${large.length === 0 ? "none is" : `${large.length} of ${nodes.length} ${large.length === 1 ? "is" : "are"}`} ` +
        `that large (${sizes})`,
      remedy:
        "add nodes; or let replicas share them: `pulumi config set --path logharbor:spread.nodes preferred`; " +
        "or use the dev profile: `pulumi config set logharbor:profile dev`",
    });
  }
  const free = sum(nodes.map(freeOf));
  const wanted = wantedOf(nodes, wishes);
  const short = [
    ...(free.cpu < wanted.cpu ? [`${formatCpu(wanted.cpu)} CPU, and ${formatCpu(Math.max(free.cpu, 0))} is free`] : []),
    ...(free.memory < wanted.memory
      ? [`${formatMemory(wanted.memory)} memory, and ${formatMemory(Math.max(free.memory, 0))} is free`]
      : []),
  ];
  if (short.length > 0) {
    findings.push({
      problem: `the stack requests ${short.join("; ")} on ${counted(nodes.length, "node")}`,
      remedy: "add a node, remove other workloads, or lower the settings logharbor:*.resources",
    });
  }
  return findings;
}

/** If replicas must be on separate nodes and can't, the release would never become ready. */
function spreadFindings(facts: ClusterFacts, { erasure, minio, spread, replicas }: Wishes): Problem[] {
  const nodes = usable(facts);
  if (nodes.length === 0) return [];
  const findings: Problem[] = [];
  if (spread.nodes === "required" && nodes.length < replicas) {
    findings.push({
      problem:
        `${replicas} replicas need a node each (spread.nodes is required), and ` +
        `${counted(nodes.length, "node")} ${nodes.length === 1 ? "takes" : "take"} pods`,
      remedy:
        "add nodes, or let replicas share them: `pulumi config set --path logharbor:spread.nodes preferred`" +
        (nodes.length === 3 && erasure !== undefined && minio.servers === replicas
          ? "; or, in a new stack, have a MinIO server on each: `pulumi config set --path logharbor:minio.servers 3`"
          : ""),
    });
  }
  const without = nodes.filter(({ zone }) => zone === undefined).map(({ name }) => name);
  if (spread.zones === "required" && without.length > 0) {
    findings.push({
      problem:
        `replicas must be spread evenly over zones (spread.zones is required), and ${without.join(", ")} ` +
        `${without.length === 1 ? "has" : "have"} no zone`,
      remedy: "label them topology.kubernetes.io/zone, or `pulumi config set --path logharbor:spread.zones preferred`",
    });
  }
  return findings;
}

function wantedOf(nodes: readonly NodeFacts[], { requests }: Wishes): Amount {
  return sum([requests.fixed, ...nodes.map(() => requests.perNode)]);
}

function storageFindings({ storageClasses }: ClusterFacts, { storageClass }: Wishes): Problem[] {
  if (storageClasses === undefined) return [];
  const names = storageClasses.map(({ name }) => name);
  const there = names.length === 0 ? "it has no StorageClass at all" : `it has ${names.join(", ")}`;
  if (storageClass !== undefined) {
    if (names.includes(storageClass)) return [];
    return [
      {
        problem: `the cluster lacks StorageClass "${storageClass}", which logharbor:storageClass names; ${there}`,
        remedy:
          names.length === 0 ? "install a storage provisioner" : `pulumi config set logharbor:storageClass ${names[0]}`,
      },
    ];
  }
  if (storageClasses.some(({ isDefault }) => isDefault)) return [];
  return [
    {
      problem: `the cluster has no default StorageClass; ${there}`,
      remedy:
        names.length === 0
          ? "install a storage provisioner, such as local-path-provisioner"
          : `pulumi config set logharbor:storageClass ${names[0]}, or make one the default: kubectl annotate ` +
            `storageclass ${names[0]} storageclass.kubernetes.io/is-default-class=true`,
    },
  ];
}

function rightsFindings({ missingRights }: ClusterFacts): Problem[] {
  if (missingRights.length === 0) return [];
  return [
    {
      problem: `you may not ${missingRights.join(", ")}`,
      remedy:
        "ask the cluster's administrator for these rights (cluster-admin has them), or choose another context with --context",
    },
  ];
}

function podSecurityFindings({ podSecurity }: ClusterFacts): Problem[] {
  if (podSecurity !== false) return [];
  return [
    {
      problem: "the API server does not enforce Pod Security labels",
      remedy: "enable the admission plug-in PodSecurity (it is on by default)",
    },
  ];
}

/** Ports of the API server that the network policies do not leave open. Pure. */
export function closedPorts({ apiServerPorts = [] }: ClusterFacts, open: readonly number[]): number[] {
  return [...new Set(apiServerPorts)].filter((port) => !open.includes(port));
}

function apiServerFindings(facts: ClusterFacts, { networkPolicies, apiServerPorts: open }: Wishes): Problem[] {
  const closed = closedPorts(facts, open);
  if (!networkPolicies || closed.length === 0) return [];
  const all = [...new Set([...open, ...closed])];
  return [
    {
      problem: `the API server listens on port ${closed.join(" and ")}, which the network policies close to Alloy`,
      remedy: `set apiServerPorts to [${all.join(", ")}]`,
    },
  ];
}

/** Whether a node has the size that prod needs. Pure. */
export function isLarge({ capacity }: NodeFacts): boolean {
  return capacity.cpu >= prodNodes.cpu && capacity.memory >= prodNodes.memory * memoryTolerance;
}

function familyFindings({ ipFamilies: given }: ClusterFacts, { ipFamilies: wanted }: Wishes): Problem[] {
  if (given === undefined || (given[0] === wanted[0] && wanted.every((family) => given.includes(family)))) return [];
  return [
    {
      problem: `the pods' addresses are ${given.join(" and ")}, and ipFamilies is ${wanted.join(", ")}`,
      remedy: given.map((family, index) => setCommand(`ipFamilies[${index}]`, family)).join("; "),
    },
  ];
}

/** Names of nodes that are ready, of a large cluster some. */
export function readyNodes({ nodes = [] }: ClusterFacts): string[] {
  return nodes
    .filter(({ ready }) => ready)
    .map(({ name }) => name)
    .slice(0, 20);
}

/** The nodes that take pods. Pure. */
export function usable({ nodes }: ClusterFacts): NodeFacts[] {
  return (nodes ?? []).filter(({ ready, schedulable }) => ready && schedulable);
}

function freeOf({ allocatable, requested }: NodeFacts): Amount {
  return { cpu: allocatable.cpu - requested.cpu, memory: allocatable.memory - requested.memory };
}

export function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }), {
    cpu: 0,
    memory: 0,
  });
}

function amountText({ cpu, memory }: Amount): string {
  return `${formatCpu(Math.max(cpu, 0))} CPU and ${formatMemory(Math.max(memory, 0))}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
