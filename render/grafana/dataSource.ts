import { gatewayVariables, rulerVariables } from "../../domain/names";
import { clientSeconds } from "../../domain/timeouts";
import type { Values } from "../pod";
import { speaksTls } from "../tls";
import { authorityFiles } from "./secrets";
import type { GrafanaSpec } from "./spec";

/** Id of the data source Loki. Fixed, so that dashboards, alerts and links still work with a new Grafana. */
export const dataSourceUid = "logharbor-loki";
/** Id of the data source Alertmanager. */
export const alertmanagerUid = "logharbor-alertmanager";
/** Id of the data source Prometheus. */
export const prometheusUid = "logharbor-prometheus";

/** The stack's own data sources, as a file of Grafana's provisioning has them. */
export function ownDataSources(spec: GrafanaSpec): Values[] {
  return [lokiSource(spec), ...alertmanagerSource(spec), ...prometheusSource(spec)];
}

function lokiSource(spec: GrafanaSpec): Values {
  const { login, tenant } = spec;
  const secured = speaksTls(spec);
  return {
    name: "Loki",
    uid: dataSourceUid,
    type: "loki",
    access: "proxy",
    url: spec.lokiUrl,
    isDefault: true,
    editable: false,
    jsonData: {
      maxLines: 1000,
      timeout: clientSeconds(spec.querySeconds),
      httpHeaderName1: "X-Scope-OrgID",
      tlsAuthWithCACert: secured,
    },
    ...(login ? { basicAuth: true, basicAuthUser: tenant } : {}),
    secureJsonData: {
      httpHeaderValue1: tenant,
      ...(secured ? { tlsCACert: `$__file{${authorityFiles.loki}}` } : {}),
      ...(login ? { basicAuthPassword: `$__env{${gatewayVariables.password}}` } : {}),
    },
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
