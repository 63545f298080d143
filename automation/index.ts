/** Logharbor for your own tools, from TypeScript: a stack's whole life, its logs, and what its cluster must have. */
export { openStack } from "./openStack";
export type {
  DestroyOptions,
  LogStack,
  OpenStackArgs,
  OperationResult,
  OperationResults,
  PreflightResult,
  RotateOptions,
} from "./logStack";
export type { OperationOptions, StartedOperation } from "./startedOperation";
export { eventSchema, operationNames } from "./events";
export type {
  DangerEvent,
  FindingEvent,
  LogEvent,
  OperationEvent,
  OperationName,
  ProgressEvent,
  ResourceEvent,
  StackEvent,
} from "./events";
export { eventText } from "./eventText";
export { changeCount, summary } from "./engineProgress";
export type { Print } from "./journal";
export type { ClusterReplaced } from "./clusterReplaced";
export type { Rotation } from "./rotation";
export type { Credential } from "../domain/credentials";
export type { Danger, DangerName } from "../domain/danger";
export { errorCodes, OperatorError, type ErrorCode, type Problem, type SettingProblem } from "../domain/problem";
export { ConfigError } from "../config/configError";
export { DangerError } from "../changes/dangers/gate";
export { ForeignObjectsError, type Foreign, type ForeignObject } from "../changes/ownership/foreign";
export { OtherClusterError } from "../changes/clusterGate";
export { CollisionError } from "../changes/ownership/gate";
export type { Collision } from "../changes/ownership/collisions";
export { loadKubeConfig } from "../cluster/kubeconfig";
export type { ClusterAccess } from "../config/stackConfig";
export type { Settings } from "../config/settings";
export type { ClusterFacts, NodeFacts } from "../cluster/preflight";
export { openTunnel, type Tunnel, type TunnelArgs } from "../cluster/tunnel";
export type { StackOutputs } from "../render/outputs";
export type { Diagnosis } from "../doctor/report";
export type { Check, Place, ReportedFinding, Severity } from "../doctor/finding";
export { openLoki, type OpenLoki } from "../logs/access";
export { queryRange, type Entry, type LokiAccess, type Moment, type RangeQuery } from "../logs/query";
export { newest, pages, type Page, type PagedQuery } from "../logs/pages";
export type { Patience } from "../logs/patience";
export type { QueryStats } from "../logs/stats";
export { tail, type TailQuery } from "../logs/tail";
