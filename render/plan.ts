import type { Settings } from "../config/settings";
import { firstGeneration } from "../domain/credentials";
import { hasMinio } from "../domain/objectStore";
import { usedParts, type Part } from "../domain/parts";
import { topologies, type Topology } from "../domain/topologies";
import { alertmanagerUrls } from "./alertmanager/addresses";
import { addressesOf, type Addresses } from "./addresses";
import type { AlloySpec } from "./alloy/spec";
import { servedPath } from "./grafana/ini";
import type { GrafanaSpec } from "./grafana/spec";
import { assertHatches } from "./hatches/problems";
import type { LokiSpec } from "./loki/spec";
import type { RemoteTierSpec } from "./minio/tierJob";
import type { MinioSpec } from "./minio/values";
import type { Watched } from "./monitoring/alert";
import { logAlerts } from "./monitoring/logAlerts";
import type { MonitoringSpec } from "./monitoring/spec";
import { storeOf } from "./objectStore";
import type { Identity, PartSpec, Pods } from "./part";
import { gatewayExposure, grafanaExposure } from "./exposure";
import { mirrored } from "./pod";
import { generationOf } from "./rotation";
import { speaksTls } from "./tls";
import { topologyOf } from "./topology";

/** The decisions that follow from a stack's settings, made once: everything that more than one part must know. */
export interface Plan {
  /** The topology, with the replicas of the settings. */
  topology: Topology;
  /** URLs inside the cluster. */
  addresses: Addresses;
  /** Whether MinIO and Loki's gateway use TLS. */
  secured: boolean;
  /** What MinIO's release depends on. Undefined if the stack has no MinIO. */
  minio?: MinioSpec;
  /** What Loki's release depends on. */
  loki: LokiSpec;
  /** What Alloy's release depends on. */
  alloy: AlloySpec;
  /** What Grafana's release depends on. Undefined if the stack has no Grafana. */
  grafana?: GrafanaSpec;
  /** What the tier's Job depends on. Undefined if the stack has no remote tier. */
  remoteTier?: RemoteTierSpec;
  /** What the monitoring depends on. Undefined if nobody scrapes the stack. */
  monitoring?: MonitoringSpec;
}

/** What a plan depends on besides the settings. */
export interface ClusterKinds {
  /** Whether the cluster knows the kinds of the Prometheus operator. */
  prometheusOperator: boolean;
}

/**
 * The plan of a stack. Pure, but for the local charts that the values of a stack are held against.
 * @param cluster Default: a cluster without the Prometheus operator
 * @throws ConfigError with everything that is wrong with the escape hatches, which only the plan shows.
 */
export function planOf(settings: Settings, cluster: ClusterKinds = { prometheusOperator: false }): Plan {
  const plan = decided(settings, cluster);
  assertHatches(plan, settings);
  return plan;
}

function decided(settings: Settings, cluster: ClusterKinds): Plan {
  const { alerts, alloy, gateway, images, loki, minio, namespaces, retention, spread, storageClass, tenant, tls } =
    settings;
  const secured = speaksTls(tls);
  const login = gateway.authentication === "basic";
  const topology = topologyOf(settings);
  const addresses = addressesOf(settings);
  const monitoring = monitoringOf(settings, cluster);
  const part = (name: Part): PartSpec => ({
    ...podsOf(settings[name]),
    namespace: namespaces[name],
    existingNamespace: settings.existingNamespaces.includes(name),
    chart: settings.charts[name],
    image: mirrored(images[name], images.mirror),
    pullSecrets: images.pullSecrets,
    resources: settings[name].resources,
    certificates: tls.certificates,
    issuer: tls.issuer,
    ipFamilies: settings.ipFamilies,
    fixedUserIds: settings.fixedUserIds,
    clusterDomain: settings.dns.domain,
    scrapeAnnotations: monitoring?.operator === false,
    extraValues: settings.values[name],
  });
  const client = { lokiUrl: addresses.loki, tenant, login, loginGeneration: generationOf(settings, "gateway") };
  // The canary and the reader of events run as Alloy does, and send to Loki as it does.
  const besideAlloy = {
    ...podsOf(alloy),
    ...client,
    pullSecrets: images.pullSecrets,
    certificates: tls.certificates,
    fixedUserIds: settings.fixedUserIds,
    scrapeAnnotations: monitoring?.operator === false,
  };
  const { drivesPerServer, parity, servers, staleUploadHours, tier, volumeSize } = minio;
  const { caches, chunkEncoding, limits, patterns, query, schema } = loki;
  return {
    topology,
    addresses,
    secured,
    ...(hasMinio(settings.objectStore)
      ? {
          minio: {
            ...part("minio"),
            servers,
            drivesPerServer,
            parity,
            volumeSize,
            staleUploadHours,
            spread,
            storageClass,
            root: generationOf(settings, "minioRoot"),
          },
        }
      : {}),
    loki: {
      ...part("loki"),
      ...identityOf(loki),
      targetResources: loki.targetResources,
      topology,
      volumeSize: loki.volumeSize,
      storageClass,
      schema,
      chunkEncoding,
      caches,
      query,
      patterns,
      limits,
      retention,
      tenant,
      tenants: gateway.tenants,
      authentication: gateway.authentication,
      exposure: gatewayExposure(settings),
      logins: generationOf(settings, "gateway"),
      store: settings.objectStore.kind === "minio" ? generationOf(settings, "lokiStore") : firstGeneration,
      ...storeOf(settings),
      canary: settings.canary.enabled,
      ruler: {
        storage: alerts.storage,
        rules: alerts.rules,
        files: alerts.files,
        intervalSeconds: alerts.intervalSeconds,
        alertmanagerUrls: alertmanagerUrls(settings),
        alertmanagerLogin: alerts.existing.login,
        alertmanagerCa: alerts.existing.ca,
        recording: alerts.recording,
        grafanaUrl: settings.grafana.url,
        platform: namespaces,
        platformAlerts: alerts.platform ? logAlerts(watchedOf(settings), settings.monitoring.runbookUrl) : [],
      },
      ...(alerts.alertmanager === "own"
        ? {
            alertmanager: {
              namespace: namespaces.loki,
              ...alerts.own,
              ...podsOf(loki),
              ipFamilies: settings.ipFamilies,
              fixedUserIds: settings.fixedUserIds,
              storageClass,
              image: mirrored(images.alertmanager, images.mirror),
              pullSecrets: images.pullSecrets,
              spread,
            },
          }
        : {}),
      resolver: settings.dns,
      gatewayImage: mirrored(images.gateway, images.mirror),
      memcachedImage: mirrored(images.memcached, images.mirror),
      spread,
      extraConfig: loki.config,
    },
    alloy: {
      ...part("alloy"),
      ...identityOf(alloy),
      ...client,
      source: alloy.source,
      podLogsDir: alloy.podLogsDir,
      hostFiles: alloy.hostFiles,
      seLinuxType: alloy.seLinuxType,
      podAs: alloy.podAs,
      excludeNamespaces: alloy.excludeNamespaces,
      limits: alloy.limits,
      collect: alloy.collect,
      rules: alloy.rules,
      fields: alloy.fields,
      multiline: alloy.multiline,
      mask: alloy.mask,
      pipeline: alloy.pipeline,
      externalLabels: alloy.externalLabels,
      ...(alloy.events.enabled
        ? {
            events: {
              ...besideAlloy,
              ...identityOf(alloy),
              namespace: namespaces.alloy,
              image: mirrored(images.alloy, images.mirror),
              resources: alloy.events.resources,
              storageClass,
              ipFamilies: settings.ipFamilies,
              excludeNamespaces: alloy.excludeNamespaces,
              mask: alloy.mask,
              externalLabels: alloy.externalLabels,
            },
          }
        : {}),
      ...(settings.canary.enabled
        ? {
            canary: {
              ...besideAlloy,
              image: mirrored(images.canary, images.mirror),
              resources: settings.canary.resources,
            },
          }
        : {}),
    },
    ...(settings.grafana.enabled
      ? {
          grafana: {
            ...part("grafana"),
            ...identityOf(settings.grafana),
            ...client,
            ...grafanaOf(settings.grafana),
            spread,
            volumeSize: settings.grafana.volumeSize,
            storageClass,
            admin: generationOf(settings, "grafana"),
            platform: namespaces,
            minio: hasMinio(settings.objectStore),
            canary: settings.canary.enabled,
            prometheusUrl: settings.monitoring.prometheusUrl,
            url: settings.grafana.url,
            exposure: grafanaExposure(settings),
            querySeconds: query.timeoutSeconds,
            alertRules: alerts.grafanaRules,
            alertIntervalSeconds: alerts.intervalSeconds,
            alertmanagerUrls: alertmanagerUrls(settings),
            alertmanagerLogin: alerts.existing.login,
            ini: settings.grafana.ini,
          },
        }
      : {}),
    ...(monitoring === undefined ? {} : { monitoring }),
    ...(tier === undefined || addresses.minio === undefined
      ? {}
      : {
          remoteTier: {
            ...part("minio"),
            tier,
            tenants: [tenant, ...gateway.tenants],
            retention,
            minioUrl: addresses.minio,
            chunksBucket: minio.buckets.chunks,
          },
        }),
  };
}

function podsOf({
  nodeSelector,
  tolerations,
  affinity,
  priorityClassName,
  podAnnotations,
  podLabels,
  serviceAnnotations,
}: Pods): Pods {
  return { nodeSelector, tolerations, affinity, priorityClassName, podAnnotations, podLabels, serviceAnnotations };
}

function identityOf({ serviceAccountAnnotations, envFromSecrets }: Identity): Identity {
  return { serviceAccountAnnotations, envFromSecrets };
}

function grafanaOf({ database, dashboardFiles, dataSourceFiles, oidc, plugins, replicas, smtp }: Settings["grafana"]) {
  return { database, dashboardFiles, dataSourceFiles, oidc, plugins, replicas, smtp };
}

/** What the alerts about the platform itself depend on. */
function watchedOf(settings: Settings): Watched {
  const { alloy, minio, namespaces, retention, tls } = settings;
  return {
    namespaces,
    parts: usedParts(settings),
    source: alloy.source,
    memcached: topologies[settings.topology].cache === "memcached",
    tiered: minio.tier !== undefined,
    certManager: tls.certificates === "cert-manager",
    canary: settings.canary.enabled,
    events: alloy.events.enabled,
    compactionMinutes: retention.compactionIntervalMinutes,
  };
}

/** What the monitoring of a stack depends on, if somebody scrapes it. */
function monitoringOf(settings: Settings, { prometheusOperator }: ClusterKinds): MonitoringSpec | undefined {
  const { monitoring, tls } = settings;
  if (monitoring.namespaces.length === 0) return undefined;
  const { serviceMonitors } = monitoring;
  return {
    ...watchedOf(settings),
    operator: serviceMonitors === "on" || (serviceMonitors === "auto" && prometheusOperator),
    labels: Object.fromEntries(monitoring.labels.map((label) => label.split("=") as [string, string])),
    runbookUrl: monitoring.runbookUrl,
    grafanaPath: servedPath(settings.grafana, "/metrics"),
    secured: speaksTls(tls),
  };
}
