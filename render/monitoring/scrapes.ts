import { canaryName, eventsName, podPorts, ports, secretNames } from "../../domain/names";
import type { Values } from "../pod";
import { tlsFiles } from "../tls";
import type { Scraped } from "./names";
import type { MonitoringSpec } from "./spec";

/** Key of the token in the Secret with which a Prometheus reads MinIO's metrics. */
export const tokenKey = "token";

/** Path of the metrics that one server of MinIO has of all of them. */
const minioPath = "/minio/v2/metrics/cluster";

/** Path of the metrics of every other part, unless Grafana's address has a path. */
const metricsPath = "/metrics";

/** The Services whose pods have metrics, by the labels of its chart, and the name of their port. */
function services(scraped: Scraped, secured: boolean): { port: string; selector: Values } {
  const named = { "app.kubernetes.io/name": scraped, "app.kubernetes.io/instance": scraped };
  // A headless Service and the other one of the same pods would be scraped twice.
  const once = { key: "prometheus.io/service-monitor", operator: "NotIn", values: ["false"] };
  return {
    minio: {
      port: secured ? "https" : "http",
      selector: { matchLabels: { app: "minio", release: "minio", monitoring: "true" } },
    },
    loki: { port: "http-metrics", selector: { matchLabels: named, matchExpressions: [once] } },
    alloy: { port: "http-metrics", selector: { matchLabels: named } },
    grafana: { port: "service", selector: { matchLabels: named } },
    canary: { port: "http-metrics", selector: { matchLabels: { "app.kubernetes.io/name": canaryName } } },
    events: { port: "http-metrics", selector: { matchLabels: { "app.kubernetes.io/name": eventsName } } },
  }[scraped];
}

/** `spec` of the ServiceMonitor of a part, of the canary, or of the reader of events. */
export function serviceMonitor(scraped: Scraped, { grafanaPath, namespaces, secured }: MonitoringSpec): Values {
  const { port, selector } = services(scraped, secured);
  const minio = {
    path: minioPath,
    authorization: { credentials: { name: secretNames.minioMetrics, key: tokenKey } },
    ...(secured
      ? {
          scheme: "https",
          tlsConfig: {
            ca: { secret: { name: secretNames.tls, key: tlsFiles.authority } },
            serverName: `minio.${namespaces.minio}.svc`,
          },
        }
      : {}),
  };
  const own = { minio, grafana: grafanaPath === metricsPath ? {} : { path: grafanaPath } };
  return { endpoints: [{ port, ...(scraped === "minio" || scraped === "grafana" ? own[scraped] : {}) }], selector };
}

/** Ports of the pods that have metrics, open to whoever reaches them. MinIO wants a token. */
const openPorts = {
  loki: ports.lokiHttp,
  alloy: ports.alloy,
  grafana: podPorts.grafana,
  canary: ports.canary,
  events: ports.alloy,
} as const;

/**
 * Annotations with which pods of a part ask to be scraped. None for MinIO's: with annotations, a Prometheus sends no
 * token.
 * @param path Default: `/metrics`
 */
export function scrapeAnnotations(part: keyof typeof openPorts, path = metricsPath): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(openPorts[part]),
    "prometheus.io/path": path,
  };
}
