/** Logharbor for internal tools: a stack's whole life, its logs, and what its cluster must have, from TypeScript. */
export { openStack, type LogStack, type OpenStackArgs, type OperationResult } from "./operations";
export { OperatorError } from "./errors";
export { loadKubeConfig, type ClusterAccess } from "./kubeconfig";
export { openLoki, type OpenLoki } from "./loki";
export { preflight, preflightReport, type ClusterFacts, type Finding, type NodeFacts, type Wishes } from "./preflight";
export { changeCount, summary } from "./progress";
export { queryRange, tail, type Entry, type LokiAccess, type RangeQuery, type TailQuery } from "./query";
export { openTunnel, type Tunnel, type TunnelArgs } from "./tunnel";
