import type { Topology } from "../config/settings";

/** What a topology means for Loki's chart and configuration. */
export interface TopologyPlan {
  /** `deploymentMode` of the chart; always explicit, since its default has changed between versions. */
  deploymentMode: "Monolithic" | "SimpleScalable";
  /** Replicas of each target; 0 where the topology has none. */
  replicas: { singleBinary: number; write: number; read: number; backend: number; gateway: number };
  /** Ingesters that hold each line before it is flushed. */
  replicationFactor: number;
  /** Where the rings are kept. */
  kvstore: "inmemory" | "memberlist";
}

/** The topologies, side by side. */
export const topologies: Record<Topology, TopologyPlan> = {
  "single-binary": {
    deploymentMode: "Monolithic",
    replicas: { singleBinary: 1, write: 0, read: 0, backend: 0, gateway: 0 },
    replicationFactor: 1,
    kvstore: "inmemory",
  },
  "simple-scalable": {
    deploymentMode: "SimpleScalable",
    replicas: { singleBinary: 0, write: 3, read: 3, backend: 3, gateway: 2 },
    replicationFactor: 3,
    kvstore: "memberlist",
  },
};
