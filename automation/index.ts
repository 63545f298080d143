/** Logharbor for your own tools, from TypeScript: a stack's whole life, its logs, and what its cluster must have. */
export { openStack } from "./openStack";
export type { DestroyOptions, LogStack, OpenStackArgs, OperationResult } from "./logStack";
export type { ClusterReplaced } from "./clusterReplaced";
export type { Rotation } from "./rotation";
export type { Credential } from "../domain/credentials";
export { OperatorError, type Problem } from "../domain/problem";
export { ForeignObjectsError, type Foreign, type ForeignObject } from "../changes/ownership/foreign";
export { OtherClusterError } from "../changes/clusterGate";
export { CollisionError } from "../changes/ownership/gate";
export type { Collision } from "../changes/ownership/collisions";
export { loadKubeConfig } from "../cluster/kubeconfig";
export type { ClusterAccess } from "../config/reader";
export { openLoki, type OpenLoki } from "../logs/access";
export { preflight, preflightReport, type ClusterFacts, type NodeFacts, type Wishes } from "../cluster/preflight";
export { changeCount, summary } from "./engineProgress";
export { queryRange, tail, type Entry, type LokiAccess, type RangeQuery, type TailQuery } from "../logs/query";
export { openTunnel, type Tunnel, type TunnelArgs } from "../cluster/tunnel";
