/** Logharbor for your own tools, from TypeScript: a stack's whole life, its logs, and what its cluster must have. */
export { openStack } from "./openStack";
export type { DestroyOptions, LogStack, OpenStackArgs, OperationResult } from "./logStack";
export type { Rotation } from "./rotation";
export type { Credential } from "../domain/credentials";
export { OperatorError, type Problem } from "../domain/problem";
export { ForeignObjectsError, type Foreign, type ForeignObject } from "../changes/ownership/foreign";
export { CollisionError } from "../changes/ownership/gate";
export type { Collision } from "../changes/ownership/collisions";
export { loadKubeConfig } from "../cluster/kubeconfig";
export type { ClusterAccess } from "../config/reader";
export { openLoki, type OpenLoki } from "../logs/access";
export { preflight, preflightReport, type ClusterFacts, type NodeFacts, type Wishes } from "../cluster/preflight";
export { changeCount, summary } from "./engineProgress";
export { queryRange, type Entry, type LokiAccess, type RangeQuery } from "../logs/query";
export { newest, pages, type Page, type PagedQuery } from "../logs/pages";
export { tail, type TailQuery } from "../logs/tail";
export { openTunnel, type Tunnel, type TunnelArgs } from "../cluster/tunnel";
