/** The ways to lay out Loki: one process, separate targets, or three replicas of the one process. */
export const topologyNames = ["single-binary", "simple-scalable", "ha-monolithic"] as const;

/** One of {@link topologyNames}. */
export type TopologyName = (typeof topologyNames)[number];

/** The targets that Loki can be divided into, and its gateway. */
export const targetNames = ["singleBinary", "write", "read", "backend", "gateway"] as const;

/** Replicas of each target. 0 means that the topology does not have the target. */
export interface Replicas {
  /** Processes that run all of Loki. */
  singleBinary: number;
  /** Write targets, which take lines in. */
  write: number;
  /** Read targets, which answer queries. */
  read: number;
  /** Backend targets, which run the compactor and the other background work. */
  backend: number;
  /** Gateways (nginx) in front of the others. */
  gateway: number;
}

/** What a topology means for Loki's chart and configuration. */
export interface Topology {
  /** `deploymentMode` of the chart. Always set, because the chart's default has changed between versions. */
  deploymentMode: "Monolithic" | "SimpleScalable";
  /** Replicas of each target. */
  replicas: Replicas;
  /** Number of ingesters that hold each line until it is flushed. */
  replicationFactor: number;
  /** Where Loki keeps its hash rings. */
  kvstore: "inmemory" | "memberlist";
  /** Where the caches are: inside the one process, or in memcached, which all replicas share. */
  cache: "embedded" | "memcached";
}

/**
 * The topologies, side by side. Exactly one compactor works in each: if there are several, the leader of their ring.
 */
export const topologies: Readonly<Record<TopologyName, Topology>> = {
  "single-binary": {
    deploymentMode: "Monolithic",
    replicas: { singleBinary: 1, write: 0, read: 0, backend: 0, gateway: 0 },
    replicationFactor: 1,
    kvstore: "inmemory",
    cache: "embedded",
  },
  "simple-scalable": {
    deploymentMode: "SimpleScalable",
    replicas: { singleBinary: 0, write: 3, read: 3, backend: 3, gateway: 2 },
    replicationFactor: 3,
    kvstore: "memberlist",
    cache: "memcached",
  },
  "ha-monolithic": {
    deploymentMode: "Monolithic",
    replicas: { singleBinary: 3, write: 0, read: 0, backend: 0, gateway: 2 },
    replicationFactor: 3,
    kvstore: "memberlist",
    cache: "memcached",
  },
};

/** Whether several processes each run all of Loki. */
export function hasPeers({ deploymentMode, replicas }: Topology): boolean {
  return deploymentMode === "Monolithic" && replicas.singleBinary > 1;
}
