/** Logharbor for internal tools: a stack's whole life, its logs, and what its cluster must have, from TypeScript. */
export { openStack, type DestroyOptions, type LogStack, type OpenStackArgs, type OperationResult } from "./operations";
export { OperatorError } from "./errors";
export { ForeignObjectsError, type Foreign, type ForeignObject } from "./foreign";
export { CollisionError } from "./ownershipGate";
export type { Collision } from "../render/collisions";
export { loadKubeConfig, type ClusterAccess } from "./kubeconfig";
export { openLoki, type OpenLoki } from "./loki";
export { preflight, preflightReport, type ClusterFacts, type Finding, type NodeFacts, type Wishes } from "./preflight";
export { changeCount, summary } from "./progress";
export { queryRange, tail, type Entry, type LokiAccess, type RangeQuery, type TailQuery } from "./query";
export { openTunnel, type Tunnel, type TunnelArgs } from "./tunnel";
