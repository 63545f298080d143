import type { Part } from "../../domain/parts";
import type { Decider, Deciders } from "./overlay";

/* Values of the charts that are decided elsewhere, also where the program leaves them out. */

const beside: Decider = ["would make objects that the stack does not know", "make them beside the stack"];
const withoutEffect: Decider = [
  "has no effect, because the program writes Loki's whole configuration",
  "leave it out, and set loki.config",
];

/** Keys with one decider. @param keys separated by spaces @param decider Default: the program */
export function each(keys: string, decider?: Decider): Deciders {
  return keys.split(" ").map((key) => [key, decider]);
}

/** Keys of a group with one decider. */
const below = (group: string, keys: string, decider?: Decider): Deciders =>
  each(keys.replace(/\S+/g, `${group}/$&`), decider);

/** Where pods run and what they carry, at a place in a part's values. */
const pods = (part: Part, place = ""): Deciders => [
  ...["nodeSelector", "tolerations", "affinity", "priorityClassName", "podAnnotations", "podLabels"].map(
    (name) => [`${place}${name}`, `${part}.${name}`] as const,
  ),
  [`${place}topologySpreadConstraints`, "spread"],
];

/** Names by which a release's objects are known, and what the stack makes itself. */
const ofEveryChart: Deciders = [
  ...each("nameOverride fullnameOverride namespaceOverride"),
  ...each("serviceAccount/create serviceAccount/name rbac"),
  ...each("networkPolicy", "networkPolicies"),
  ...each("extraObjects extraManifests", beside),
];

const minio: Deciders = [
  ...ofEveryChart,
  ...pods("minio"),
  ...each("mode replicas pools", "minio.servers"),
  ...each("drivesPerNode", "minio.drivesPerServer"),
  ...each("persistence/size", "minio.volumeSize"),
  ...each("persistence/storageClass", "storageClass"),
  // Where logs are stored. Another place would be an empty MinIO.
  ...below("persistence", "enabled existingClaim volumeName accessMode subPath"),
  ...each("mountPath bucketRoot etcd deploymentUpdate statefulSetUpdate podDisruptionBudget"),
  ...each("image", "images.minio"),
  ...each("imagePullSecrets", "images.pullSecrets"),
  ...each("resources", "minio.resources"),
  ...each("securityContext", "fixedUserIds"),
  ...each("tls trustedCertsSecret", "tls.certificates"),
  ...each("rootUser rootPassword existingSecret users policies buckets svcaccts customCommands serviceAccount"),
  ...each("minioAPIPort minioConsolePort service/port consoleService/port"),
  ...each("service/annotations consoleService/annotations", "minio.serviceAnnotations"),
  ...each("environment/MINIO_API_STALE_UPLOADS_EXPIRY", "minio.staleUploadHours"),
  ...each("environment/MINIO_STORAGE_CLASS_STANDARD", "minio.parity"),
  ...below("environment", "MINIO_ROOT_USER MINIO_ROOT_PASSWORD MINIO_VOLUMES MINIO_ERASURE_SET_DRIVE_COUNT"),
  ...each("metrics/serviceMonitor", "monitoring.serviceMonitors"),
];

const volumesOf = (target: string): Deciders => [
  ...each(`${target}/persistence/size`, "loki.volumeSize"),
  ...each(`${target}/persistence/storageClass`, "storageClass"),
  // Where the write-ahead log is, and whether it outlives a pod.
  ...below(`${target}/persistence`, "enabled volumeClaimsEnabled enableStatefulSetAutoDeletePVC"),
  ...below(`${target}/persistence`, "accessModes selector dataVolumeParameters whenDeleted whenScaled"),
  // Names by which pods find and know each other.
  ...below(target, "fullnameOverride kind selectorLabels podManagementPolicy serviceAccount"),
];

const sizeOf = (target: string): Deciders => [
  ...below(target, "replicas autoscaling kedaAutoscaling", `loki.replicas.${target}`),
  ...below(target, "resources", `loki.targetResources.${target}`),
];

const cache = (name: string): Deciders => [
  ...below(name, "enabled replicas allocatedMemory resources persistence", "loki.caches"),
];

const loki: Deciders = [
  ...ofEveryChart,
  ...each("deploymentMode gateway/enabled", "topology"),
  // Targets of other layouts.
  ...each("ingester distributor querier queryFrontend queryScheduler indexGateway compactor ruler", "topology"),
  ...each("bloomGateway bloomPlanner bloomBuilder patternIngester overridesExporter tableManager", "topology"),
  ...["singleBinary", "write", "read", "backend"].flatMap((target) => [...sizeOf(target), ...volumesOf(target)]),
  ...sizeOf("gateway"),
  ...cache("chunksCache"),
  ...cache("resultsCache"),
  ...each("defaults/kedaAutoscaling"),
  ...each("gateway/image", "images.gateway"),
  ...each("gateway/basicAuth", "gateway.authentication"),
  ...each("gateway/nginxConfig/ssl", "tls.certificates"),
  ...each("gateway/nginxConfig/clientMaxBodySize", "loki.limits.ingestionBurstSizeMb"),
  ...each("gateway/nginxConfig/enableIPv6", "ipFamilies"),
  ...each("gateway/nginxConfig/resolver", "dns"),
  ...below("gateway", "nginxConfig/file containerPort serviceAccount metrics"),
  ...each("gateway/service/annotations", "loki.serviceAnnotations"),
  ...each("gateway/ingress gateway/route ingress route", "exposure.gateway"),
  ...each("memcached/image", "images.memcached"),
  ...each("loki/config loki/structuredConfig", "loki.config"),
  // What is given on Loki's command line replaces what its configuration says.
  ...each("global/extraArgs defaults/extraArgs singleBinary/extraArgs", "loki.config"),
  ...each("write/extraArgs read/extraArgs backend/extraArgs", "loki.config"),
  ...each("defaults/command"),
  // Groups from which the chart would make a configuration of its own.
  ...below("loki", "memberlistConfig extraMemberlistConfig server limits_config commonConfig storage", withoutEffect),
  ...below("loki", "schemaConfig useTestSchema testSchemaConfig rulerConfig query_scheduler", withoutEffect),
  ...below("loki", "storage_config compactor compactor_grpc_client pattern_ingester analytics ui", withoutEffect),
  ...below("loki", "query_range querier ingester ingester_client block_builder index_gateway", withoutEffect),
  ...below("loki", "frontend frontend_worker distributor tracing bloom_build bloom_gateway", withoutEffect),
  ...below("loki", "operational_config auth_enabled", withoutEffect),
  ...below("loki", "configStorageType configObjectName generatedConfigObjectName"),
  ...each("loki/tenants", "gateway.tenants"),
  ...each("loki/runtimeConfig", "loki.limits"),
  ...each("loki/image", "images.loki"),
  ...each("loki/serviceAnnotations", "loki.serviceAnnotations"),
  ...each("global/clusterDomain global/dnsService global/dnsNamespace", "dns"),
  ...each("global/image global/imageRegistry", "images.mirror"),
  ...each("imagePullSecrets", "images.pullSecrets"),
  ...each("serviceAccount/annotations", "loki.serviceAccountAnnotations"),
  ...each("defaults/extraEnvFrom", "loki.envFromSecrets"),
  ...each("minio rollout_operator migrate sidecar"),
  ...each("lokiCanary", "canary"),
  ...each("monitoring", "monitoring"),
  // Of any pod: targets, gateway, caches.
  ...pods("loki"),
  ...pods("loki", "*/"),
  ...each("*/podSecurityContext", "fixedUserIds"),
  ...each("*/image", "images.loki"),
];

const alloy: Deciders = [
  ...ofEveryChart,
  ...pods("alloy", "controller/"),
  // An older name of the group `alloy`, which the chart puts over it.
  ...each("agent"),
  ...each("alloy/configMap", "alloy.pipeline"),
  ...each("alloy/resources", "alloy.resources"),
  ...each("alloy/envFrom", "alloy.envFromSecrets"),
  ...each("alloy/mounts controller/volumes", "alloy.podLogsDir"),
  ...below("alloy", "storagePath clustering command enableReporting enableHttpServerPort"),
  ...below("alloy", "listenAddr listenPort listenScheme uiPathPrefix"),
  ...below("controller", "type replicas autoscaling volumeClaimTemplates"),
  ...each("image", "images.alloy"),
  ...each("global/image/pullSecrets", "images.pullSecrets"),
  ...each("global/image", "images.mirror"),
  ...each("global/podSecurityContext", "fixedUserIds"),
  ...each("crds configReloader"),
  ...each("serviceAccount/annotations", "alloy.serviceAccountAnnotations"),
  ...each("service/annotations", "alloy.serviceAnnotations"),
  ...each("serviceMonitor", "monitoring.serviceMonitors"),
];

const grafana: Deciders = [
  ...ofEveryChart,
  ...pods("grafana"),
  // Such variables replace what grafana.ini says.
  ...each("grafana.ini env/GF_* envValueFrom/GF_*", "grafana.ini"),
  ...each("image", "images.grafana"),
  ...each("global/imageRegistry", "images.mirror"),
  ...each("global/imagePullSecrets", "images.pullSecrets"),
  ...each("persistence/size", "grafana.volumeSize"),
  ...each("persistence/storageClassName", "storageClass"),
  ...below("persistence", "enabled type existingClaim volumeName"),
  ...each("admin adminUser adminPassword"),
  // A second replica needs a database that both share.
  ...each("replicas autoscaling", "grafana.replicas"),
  ...each("plugins", "grafana.plugins"),
  ...each("smtp", "grafana.smtp"),
  ...each("resources", "grafana.resources"),
  ...each("securityContext", "fixedUserIds"),
  ...each("envFromSecrets", "grafana.envFromSecrets"),
  ...each("ingress route listenerSet", "exposure.grafana"),
  ...each("service/annotations", "grafana.serviceAnnotations"),
  ...each("serviceAccount/annotations", "grafana.serviceAccountAnnotations"),
  ...each("serviceMonitor", "monitoring.serviceMonitors"),
];

/** What decides values of each part's chart. */
export const chartDeciders: Readonly<Record<Part, Deciders>> = { minio, loki, alloy, grafana };
