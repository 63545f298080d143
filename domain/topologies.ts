/** How Loki is laid out. */
export const topologyNames = ["single-binary", "simple-scalable", "ha-monolithic"] as const;

export type TopologyName = (typeof topologyNames)[number];

/** Replicas of each target; 0 where the topology has none. */
export interface Replicas {
  singleBinary: number;
  write: number;
  read: number;
  backend: number;
  gateway: number;
}

/** What a topology means for Loki's chart and configuration. */
export interface Topology {
  /** `deploymentMode` of the chart; always explicit, since its default has changed between versions. */
  deploymentMode: "Monolithic" | "SimpleScalable";
  replicas: Replicas;
  /** Ingesters that hold each line before it is flushed. */
  replicationFactor: number;
  /** Where the rings are kept. */
  kvstore: "inmemory" | "memberlist";
  /** Where caches live: in the one process, or where all replicas share them. */
  cache: "embedded" | "memcached";
}

/**
 * The topologies, side by side. In each, exactly one compactor is at work: the leader of its ring where there are
 * several.
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
