/** The components as a library. Another Pulumi program can use each of them alone. */
export { Alertmanager, type AlertmanagerArgs } from "./alertmanager";
export { Alloy, type AlloyArgs } from "./alloy";
export { Events, type EventsArgs } from "./events";
export { Canary, type CanaryArgs } from "./canary";
export { Grafana, type GrafanaArgs } from "./grafana";
export { LoggingStack, type LoggingStackArgs } from "./loggingStack";
export { Loki, type LokiArgs } from "./loki";
export { Minio, type MinioArgs } from "./minio";
export { Tenants, type TenantsArgs } from "./tenants";
export { Monitoring, type MonitoringArgs } from "./monitoring";
export { ObjectStore, type ObjectStoreArgs } from "./objectStore";
export { RemoteTier, type RemoteTierArgs } from "./remoteTier";
export { topologies, type Replicas, type Topology, type TopologyName } from "../domain/topologies";
export { ConfigError } from "../config/configError";
export type { Problem, SettingProblem } from "../domain/problem";
export { parseSettings, readSettings } from "../config/reader";
export type { ChartSource, Image, Profile, Resources, Settings, Tier } from "../config/settings";
export type { StackOutputs } from "../render/outputs";
