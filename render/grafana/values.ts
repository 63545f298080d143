import { checksum } from "../checksum";
import { gatewayVariables, rulerVariables, secretNames } from "../../domain/names";
import { clientSeconds } from "../../domain/timeouts";
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
import { annotated, placementValues } from "../placement";
import { generationAnnotations } from "../rotation";
import { alertingFiles } from "./alerting";
import { alertmanagerUid, dataSourceUid, prometheusUid } from "./dataSource";
import { grafanaIni, servedPath } from "./ini";
import type { GrafanaSpec } from "./spec";
import { authorityOnly, authorityPath, speaksTls, trustOf } from "../tls";

/** Name of the ConfigMap with the dashboards, one JSON file for each. */
export const dashboardsConfigMap = "grafana-dashboards";

/** Name of the ConfigMap with the alerts, in files of Grafana's. */
export const alertingConfigMap = "grafana-alerting";

/** The user of Grafana's image. */
const user = 472;

/** Values of Grafana's chart. */
export function grafanaValues(spec: GrafanaSpec, podLabels: Labels = {}): Values {
  const { login, pullSecrets, resources, storageClass, tenant, volumeSize } = spec;
  const secured = speaksTls(spec);
  const wait = clientSeconds(spec.querySeconds);
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
    persistence: {
      enabled: true,
      size: volumeSize,
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // A lookup returns nothing in a preview, so every `up` would show a difference.
      lookupVolumeName: false,
    },
    // Only one pod at a time can use the volume.
    deploymentStrategy: { type: "Recreate" },
    podLabels: { ...spec.podLabels, ...podLabels },
    ...placementValues(spec),
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
    ...(spec.alertmanagerLogin === undefined ? {} : { envValueFrom: loginVariables(spec.alertmanagerLogin) }),
    resources: containerResources(resources),
    securityContext: { ...restrictedPod(user, spec), ...chartIds(spec) },
    containerSecurityContext: restrictedContainer,
    // The chart's liveness probe is the same as its readiness probe, and includes the database. A restart of Grafana
    // does not help while the database is slow.
    livenessProbe: { httpGet: { path: servedPath(spec, "/healthz") } },
    ...(servedPath(spec, "") === "" ? {} : { readinessProbe: { httpGet: { path: servedPath(spec, "/api/health") } } }),
    extraSecretMounts: trustOf(spec).mounts.map((mount) => ({ ...mount, ...authorityOnly })),
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    // It runs as root to change the owner of the volume. fsGroup already does that.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    // Only the sidecars need the API server, and they are off.
    rbac: { create: false },
    automountServiceAccountToken: false,
    "grafana.ini": grafanaIni(spec),
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: [
          {
            name: "Loki",
            uid: dataSourceUid,
            type: "loki",
            access: "proxy",
            url: spec.lokiUrl,
            isDefault: true,
            editable: false,
            jsonData: {
              maxLines: 1000,
              timeout: wait,
              httpHeaderName1: "X-Scope-OrgID",
              tlsAuthWithCACert: secured,
            },
            ...(login ? { basicAuth: true, basicAuthUser: tenant } : {}),
            secureJsonData: {
              httpHeaderValue1: tenant,
              ...(secured ? { tlsCACert: `$__file{${authorityPath}}` } : {}),
              ...(login ? { basicAuthPassword: `$__env{${gatewayVariables.password}}` } : {}),
            },
          },
          ...alertmanagerSource(spec),
          ...prometheusSource(spec),
        ],
      },
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

/** The Alertmanager as data source: what it has received, and silences. Of several, the first one answers. */
function alertmanagerSource({ alertmanagerLogin, alertmanagerUrls }: GrafanaSpec): Values[] {
  const [url] = alertmanagerUrls;
  if (url === undefined) return [];
  const { username, password } = rulerVariables.alertmanager;
  return [
    {
      name: "Alertmanager",
      uid: alertmanagerUid,
      type: "alertmanager",
      access: "proxy",
      url,
      editable: false,
      jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
      ...(alertmanagerLogin === undefined
        ? {}
        : {
            basicAuth: true,
            basicAuthUser: `$__env{${username}}`,
            secureJsonData: { basicAuthPassword: `$__env{${password}}` },
          }),
    },
  ];
}

/** The Prometheus that reads the platform's metrics. */
function prometheusSource({ prometheusUrl }: GrafanaSpec): Values[] {
  if (prometheusUrl === undefined) return [];
  return [
    {
      name: "Prometheus",
      uid: prometheusUid,
      type: "prometheus",
      access: "proxy",
      url: prometheusUrl,
      editable: false,
    },
  ];
}

function loginVariables(name: string): Values {
  const { username, password } = rulerVariables.alertmanager;
  const from = (key: string) => ({ secretKeyRef: { name, key, optional: true } });
  return { [username]: from("username"), [password]: from("password") };
}
