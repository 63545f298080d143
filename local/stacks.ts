import type { TopologyName } from "../domain/topologies";

/** Stacks that the local cluster can run, one at a time. */
export const localStacks = ["dev", "prod"] as const;
export type LocalStackName = (typeof localStacks)[number];

/** Topologies that no local stack uses by default; each runs as stack prod. */
export const localTopologies = ["ha-monolithic"] as const satisfies readonly TopologyName[];
export type LocalTopology = (typeof localTopologies)[number];
