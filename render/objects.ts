import type { Settings } from "../config/settings";
import { grafanaSecrets } from "./grafana/secrets";
import { alertingConfigMap, dashboardsConfigMap } from "./grafana/values";
import { alertmanagerName, canaryName, eventsName, rulesConfigMap, secretNames, tierJobName } from "../domain/names";
import { usedParts, type Part } from "../domain/parts";
import { criticalPodsQuota, needsQuota } from "./alloy/quota";
import { validGenerations } from "../domain/credentials";
import { usersSecret } from "./loki/gateway";
import { gatewayExposure, grafanaExposure, wayIn, type ExposureSpec } from "./exposure";
import { networkPolicies } from "./networkPolicies";
import { clusterRoleName, eventsRoleName, type Owner } from "./ownership";
import { monitorName, prometheusRuleName } from "./monitoring/names";
import { topologyOf } from "./topology";
import { generationOf } from "./rotation";

/** Kinds of objects that a stack makes, each with its path in the Kubernetes API. */
export const kindPaths = {
  Secret: "api/v1/secrets",
  ConfigMap: "api/v1/configmaps",
  Service: "api/v1/services",
  ServiceAccount: "api/v1/serviceaccounts",
  ResourceQuota: "api/v1/resourcequotas",
  PersistentVolumeClaim: "api/v1/persistentvolumeclaims",
  Deployment: "apis/apps/v1/deployments",
  StatefulSet: "apis/apps/v1/statefulsets",
  DaemonSet: "apis/apps/v1/daemonsets",
  Job: "apis/batch/v1/jobs",
  PodDisruptionBudget: "apis/policy/v1/poddisruptionbudgets",
  NetworkPolicy: "apis/networking.k8s.io/v1/networkpolicies",
  Ingress: "apis/networking.k8s.io/v1/ingresses",
  HTTPRoute: "apis/gateway.networking.k8s.io/v1/httproutes",
  ServiceMonitor: "apis/monitoring.coreos.com/v1/servicemonitors",
  PrometheusRule: "apis/monitoring.coreos.com/v1/prometheusrules",
  Certificate: "apis/cert-manager.io/v1/certificates",
  ClusterRole: "apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
} as const;

/** One of the kinds in {@link kindPaths}. */
export type Kind = keyof typeof kindPaths;

/** An object that a stack makes, by its name. */
export interface NamedObject {
  /** Kubernetes kind. */
  kind: Kind;
  /** Name of the object. */
  name: string;
  /** The part that it belongs to. */
  part: Part;
  /** Who makes it: the program itself, the chart of the part's release, or cert-manager. */
  by: "stack" | "release" | "cert-manager";
}

/**
 * Every object that a stack with these settings makes by name in the namespaces of its parts. Releases and namespaces
 * are not included.
 */
export function objectsOf(settings: Settings, owner: Owner): NamedObject[] {
  return usedParts(settings).flatMap((part) => [
    ...byStack(part, settings, owner),
    ...byRelease(part, settings).map(([kind, name]): NamedObject => ({ kind, name, part, by: "release" })),
  ]);
}

/** The objects that a stack makes outside of namespaces. */
export function clusterObjectsOf(
  { alloy, namespaces }: Pick<Settings, "alloy" | "namespaces">,
  owner: Owner,
): NamedObject[] {
  const names = [
    clusterRoleName(owner, namespaces.alloy),
    ...(alloy.events.enabled ? [eventsRoleName(owner, namespaces.alloy)] : []),
  ];
  return names.flatMap((name) =>
    (["ClusterRole", "ClusterRoleBinding"] as const).map((kind) => ({ kind, name, part: "alloy", by: "stack" })),
  );
}

/** The settings that name Secrets which the operator creates. */
export type NamingSecrets = Pick<
  Settings,
  "alerts" | "exposure" | "grafana" | "images" | "minio" | "objectStore" | "tls"
>;

/** Names of the Secrets that the settings expect the operator to create in the namespace of a part. */
export function operatorSecrets(
  part: Part,
  { alerts, exposure, grafana, images, minio, objectStore, tls }: NamingSecrets,
): string[] {
  return [
    ...images.pullSecrets,
    ...(tls.certificates === "given" ? [secretNames.tls] : []),
    ...(part === "minio" && minio.tier !== undefined ? [minio.tier.secret] : []),
    ...(part === "loki"
      ? defined([...alertSecrets(alerts), objectStore.secret, objectStore.ca, exposure.gateway.tlsSecret])
      : []),
    ...(part === "grafana"
      ? defined([alerts.existing.login, exposure.grafana.tlsSecret, ...grafanaSecrets(grafana)])
      : []),
  ];
}

function defined(names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined);
}

function alertSecrets({ alertmanager, existing, own, recording }: Settings["alerts"]): string[] {
  const named = [
    ...(alertmanager === "existing" ? [existing.login, existing.ca] : []),
    ...(alertmanager === "own" ? own.receivers.map(({ secret }) => secret) : []),
    recording.login,
  ];
  return [...new Set(defined(named))];
}

function byStack(part: Part, settings: Settings, owner: Owner): NamedObject[] {
  const { alerts, alloy, canary, gateway, minio, monitoring, objectStore, tls } = settings;
  const events = part === "alloy" && alloy.events.enabled;
  const scraped = monitoring.namespaces.length > 0;
  const basic = gateway.authentication === "basic";
  const users = validGenerations(generationOf(settings, "gateway")).map(usersSecret);
  const secrets: Record<Part, string[]> = {
    minio: [secretNames.minioRoot, ...(scraped ? [secretNames.minioMetrics] : [])],
    loki: [
      ...(objectStore.kind === "minio" ? [secretNames.lokiStore] : []),
      ...(basic ? [...users, secretNames.tenants] : []),
    ],
    alloy: basic ? [secretNames.gatewayLogin] : [],
    grafana: [secretNames.grafanaAdmin, ...(basic ? [secretNames.gatewayLogin] : [])],
  };
  const own = (kind: Kind, name: string): NamedObject => ({ kind, name, part, by: "stack" });
  return [
    ...secrets[part].map((name) => own("Secret", name)),
    ...networkPolicies(settings, owner)[part].map(({ name }) => own("NetworkPolicy", name)),
    // With auto, only the cluster decides. Where it does not know these kinds, there is nothing in the way.
    ...(scraped && monitoring.serviceMonitors !== "off"
      ? [
          own("ServiceMonitor", monitorName(part)),
          ...(part === "loki" ? [own("PrometheusRule", prometheusRuleName)] : []),
          ...(part === "alloy" && canary.enabled ? [own("ServiceMonitor", monitorName("canary"))] : []),
          ...(events ? [own("ServiceMonitor", monitorName("events"))] : []),
        ]
      : []),
    ...exposures(part, settings).map((exposure) => own(wayIn(exposure).kind, exposure.service.name)),
    ...(part === "grafana" ? [own("ConfigMap", dashboardsConfigMap), own("ConfigMap", alertingConfigMap)] : []),
    ...(part === "loki" && alerts.storage === "stack" ? [own("ConfigMap", rulesConfigMap)] : []),
    ...(part === "loki" && alerts.alertmanager === "own"
      ? alertmanagerKinds(alerts.own).map((kind) => own(kind, alertmanagerName))
      : []),
    ...(part === "alloy" && canary.enabled ? [own("Service", canaryName), own("DaemonSet", canaryName)] : []),
    ...(events ? eventsKinds.map((kind) => own(kind, eventsName)) : []),
    ...(part === "alloy" && needsQuota(settings.alloy) ? [own("ResourceQuota", criticalPodsQuota)] : []),
    ...(part === "minio" && minio.tier !== undefined ? [own("Job", tierJobName)] : []),
    ...(tls.certificates === "cert-manager"
      ? [
          own("Certificate", "logharbor"),
          { kind: "Secret", name: secretNames.tls, part, by: "cert-manager" } satisfies NamedObject,
        ]
      : []),
  ];
}

/** Kinds of the objects of the reader of events. */
const eventsKinds = ["ConfigMap", "Deployment", "PersistentVolumeClaim", "Service", "ServiceAccount"] as const;
/** The ways in to a part from outside of the cluster: one, or none. */
function exposures(part: Part, settings: Settings): ExposureSpec[] {
  const exposure =
    part === "grafana" ? grafanaExposure(settings) : part === "loki" ? gatewayExposure(settings) : undefined;
  return exposure === undefined ? [] : [exposure];
}

/** Kinds of the objects of the stack's own Alertmanager. */
function alertmanagerKinds({ instances }: Settings["alerts"]["own"]): Kind[] {
  return ["ConfigMap", "Service", "StatefulSet", ...(instances > 1 ? (["PodDisruptionBudget"] as const) : [])];
}

/** What the chart of a part makes with our values. */
function byRelease(part: Part, settings: Settings): [kind: Kind, name: string][] {
  return { minio: minioObjects, loki: lokiObjects, alloy: () => alloyObjects, grafana: grafanaObjects }[part](settings);
}

function minioObjects({ minio }: Settings): [Kind, string][] {
  const distributed = minio.servers > 1;
  return [
    ["Service", "minio"],
    ["Service", "minio-console"],
    ["ConfigMap", "minio"],
    ...(distributed
      ? ([
          ["StatefulSet", "minio"],
          ["Service", "minio-svc"],
          ["PodDisruptionBudget", "minio"],
        ] as const)
      : ([
          ["Deployment", "minio"],
          ["PersistentVolumeClaim", "minio"],
        ] as const)),
  ].map(([kind, name]) => [kind as Kind, name]);
}

function lokiObjects(settings: Settings): [Kind, string][] {
  const { cache, replicas } = topologyOf(settings);
  const { chunksMb, resultsMb } = settings.loki.caches;
  const targets = (
    [
      ["StatefulSet", "loki", replicas.singleBinary],
      ["StatefulSet", "loki-write", replicas.write],
      ["Deployment", "loki-read", replicas.read],
      ["StatefulSet", "loki-backend", replicas.backend],
    ] as const
  ).filter(([, , count]) => count > 0);
  // Named after the target, which for the one process is not the name of its StatefulSet.
  const disrupted = (
    [
      ["loki-single-binary", replicas.singleBinary],
      ["loki-write", replicas.write],
      ["loki-read", replicas.read],
      ["loki-backend", replicas.backend],
      ["loki-gateway", replicas.gateway],
    ] as const
  ).filter(([, count]) => count > 1);
  const caches =
    cache === "memcached"
      ? [...(chunksMb > 0 ? ["loki-chunks-cache"] : []), ...(resultsMb > 0 ? ["loki-results-cache"] : [])]
      : [];
  const gateway: Kind[] = replicas.gateway > 0 ? ["Deployment", "Service", "ConfigMap", "ServiceAccount"] : [];
  return [
    ["ServiceAccount", "loki"],
    ["Secret", "loki"],
    ["ConfigMap", "loki-runtime"],
    ["Service", "loki-memberlist"],
    ...targets.flatMap(([kind, name]): [Kind, string][] => [
      [kind, name],
      ["Service", name],
      ["Service", `${name}-headless`],
    ]),
    ...(replicas.read > 0 ? ([["Service", "loki-query-scheduler-discovery"]] satisfies [Kind, string][]) : []),
    ...gateway.map((kind): [Kind, string] => [kind, "loki-gateway"]),
    ...disrupted.map(([name]): [Kind, string] => ["PodDisruptionBudget", name]),
    ...(cache === "memcached" ? ([["ServiceAccount", "loki-memcached"]] satisfies [Kind, string][]) : []),
    ...caches.flatMap((name): [Kind, string][] => [
      ["StatefulSet", name],
      ["Service", name],
    ]),
  ];
}

const alloyObjects: [Kind, string][] = (["ServiceAccount", "ConfigMap", "Service", "DaemonSet"] as const).map(
  (kind) => [kind, "alloy"],
);

function grafanaObjects({ grafana: { database, replicas } }: Settings): [Kind, string][] {
  return [
    ...(["ServiceAccount", "ConfigMap", "Service", "Deployment"] as const).map((kind): [Kind, string] => [
      kind,
      "grafana",
    ]),
    ...(database === undefined ? ([["PersistentVolumeClaim", "grafana"]] satisfies [Kind, string][]) : []),
    ...(replicas > 1
      ? ([
          ["Service", "grafana-headless"],
          ["PodDisruptionBudget", "grafana"],
        ] satisfies [Kind, string][])
      : []),
  ];
}
