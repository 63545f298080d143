import { checksum } from "../checksum";
import { readDataSources } from "../../config/grafanaFiles";
import { secretNames } from "../../domain/names";
import { scrapeAnnotations } from "../monitoring/scrapes";
import {
  chartIds,
  containerResources,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  type Labels,
  type Values,
} from "../pod";
import { annotated, given, placementValues } from "../placement";
import { generationAnnotations } from "../rotation";
import { alertingFiles } from "./alerting";
import { ownDataSources } from "./dataSource";
import { grafanaIni, servedPath } from "./ini";
import { authorityMounts, secretVariables } from "./secrets";
import type { GrafanaSpec } from "./spec";
import { spreadValues } from "../spread";
import { authorityOnly, trustOf } from "../tls";

/** Name of the ConfigMap with the dashboards, one JSON file for each. */
export const dashboardsConfigMap = "grafana-dashboards";

/** Name of the ConfigMap with the alerts, in files of Grafana's. */
export const alertingConfigMap = "grafana-alerting";

/** The user of Grafana's image. */
const user = 472;

/** Values of Grafana's chart. */
export function grafanaValues(spec: GrafanaSpec, podLabels: Labels = {}): Values {
  const { login, pullSecrets, resources } = spec;
  const further = spec.dataSourceFiles.flatMap((path) => readDataSources(path).content);
  const { registry, repository, tag, digest } = spec.image;
  return {
    fullnameOverride: "grafana",
    image: {
      registry,
      repository,
      tag,
      ...(digest === undefined ? {} : { sha: digest.replace("sha256:", "") }),
      pullSecrets,
    },
    // Without this, the chart would make a new random password at each render.
    admin: { existingSecret: secretNames.grafanaAdmin },
    ...(login ? { envFromSecret: secretNames.gatewayLogin } : {}),
    ...(spec.database === undefined ? onVolume(spec) : onDatabase(spec)),
    podLabels: { ...spec.podLabels, ...podLabels },
    ...placementValues(spec, spec.replicas > 1 ? spreadValues(spec.spread, selectorLabels) : {}),
    ...annotated("service", spec.serviceAnnotations),
    ...annotated("serviceAccount", spec.serviceAccountAnnotations),
    ...(spec.envFromSecrets.length === 0 ? {} : { envFromSecrets: secretRefs(spec.envFromSecrets) }),
    // Grafana reads its alerts when it starts.
    podAnnotations: {
      ...spec.podAnnotations,
      "checksum/alerting": checksum(JSON.stringify(alertingFiles(spec))),
      ...(login ? generationAnnotations("gateway", spec.loginGeneration) : {}),
      ...(spec.scrapeAnnotations ? scrapeAnnotations("grafana", servedPath(spec, "/metrics")) : {}),
    },
    extraConfigmapMounts: [
      {
        name: "alerting",
        configMap: alertingConfigMap,
        mountPath: "/etc/grafana/provisioning/alerting",
        readOnly: true,
      },
    ],
    ...given("envValueFrom", secretVariables(spec)),
    ...(spec.plugins.length === 0 ? {} : { env: pluginVariables(spec.plugins) }),
    resources: containerResources(resources),
    securityContext: { ...restrictedPod(user, spec), ...chartIds(spec) },
    containerSecurityContext: restrictedContainer,
    // The chart's liveness probe is the same as its readiness probe, and includes the database. A restart of Grafana
    // does not help while the database is slow.
    livenessProbe: { httpGet: { path: servedPath(spec, "/healthz") } },
    ...(servedPath(spec, "") === "" ? {} : { readinessProbe: { httpGet: { path: servedPath(spec, "/api/health") } } }),
    extraSecretMounts: [
      ...trustOf(spec).mounts.map((mount) => ({ ...mount, ...authorityOnly })),
      ...authorityMounts(spec),
    ],
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    // It runs as root to change the owner of the volume. fsGroup already does that.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    // Only the sidecars need the API server, and they are off.
    rbac: { create: false },
    automountServiceAccountToken: false,
    "grafana.ini": grafanaIni(spec),
    datasources: {
      "datasources.yaml": { apiVersion: 1, datasources: ownDataSources(spec) },
      ...(further.length === 0 ? {} : { "further.yaml": { apiVersion: 1, datasources: further } }),
    },
    dashboardProviders: {
      "dashboardproviders.yaml": {
        apiVersion: 1,
        providers: [
          {
            name: "logharbor",
            orgId: 1,
            folder: "Logharbor",
            type: "file",
            disableDeletion: true,
            editable: false,
            options: { path: "/var/lib/grafana/dashboards/logharbor" },
          },
        ],
      },
    },
    // Not `dashboards`: for these, the chart would add an init container with one more image.
    dashboardsConfigMaps: { logharbor: dashboardsConfigMap },
  };
}

/** Labels by which the chart's objects select Grafana's pods. */
const selectorLabels = { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": "grafana" };

function onVolume({ storageClass, volumeSize }: GrafanaSpec): Values {
  return {
    persistence: {
      enabled: true,
      size: volumeSize,
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // A lookup returns nothing in a preview, so every `up` would show a difference.
      lookupVolumeName: false,
    },
    // Only one pod at a time can use the volume.
    deploymentStrategy: { type: "Recreate" },
  };
}

function onDatabase({ replicas }: GrafanaSpec): Values {
  return {
    persistence: { enabled: false },
    replicas,
    ...(replicas === 1
      ? {}
      : {
          // A node more than there are replicas may not exist, so one ends before the next begins.
          deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          podDisruptionBudget: { maxUnavailable: 1 },
          // By its name, they find each other.
          headlessService: true,
        }),
  };
}

/**
 * Variables with which the image installs plug-ins before Grafana starts, and stops if it can't. Not the chart's value
 * `plugins`: that is part of what `preinstall_disabled` switches off.
 */
function pluginVariables(plugins: readonly string[]): Values {
  return {
    GF_INSTALL_PLUGINS: plugins.map((plugin) => plugin.replace("@", " ")).join(","),
    GF_INSTALL_PLUGINS_FORCE: "true",
  };
}
