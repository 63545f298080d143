import { linesOf, podsOf, series, type Alert, type Watched } from "./alert";

/** The alerts of Grafana. */
export function grafanaAlerts({ namespaces }: Watched): Alert[] {
  return [
    {
      name: "LogharborGrafanaDown",
      page: "grafana",
      expr: `absent(up${series(namespaces.grafana, podsOf("grafana"))} == 1)`,
      for: "5m",
      severity: "warning",
      summary: "Grafana does not answer, or Prometheus cannot reach it.",
      description: `No pod of Grafana in ${namespaces.grafana} answers a scrape.`,
    },
  ];
}

/** The alerts of the path that alerts take, and of the certificates. */
export function alertingAlerts({ namespaces, parts, certManager }: Watched): Alert[] {
  const loki = (...matchers: string[]) => series(namespaces.loki, ...matchers);
  const lines = (filter: string) => linesOf(namespaces.loki, "loki", filter);
  const alert = (one: Omit<Alert, "page">): Alert => ({ page: "alerting", ...one });
  return [
    alert({
      name: "LogharborRulerFailing",
      expr:
        `sum by (namespace, user) (increase(loki_prometheus_rule_evaluation_failures_total${loki()}[10m])) > 0 or ` +
        `sum by (namespace, user) (increase(loki_prometheus_rule_group_iterations_missed_total${loki()}[10m])) > 0`,
      for: "5m",
      severity: "critical",
      summary: "Loki's ruler cannot evaluate a rule.",
      description: "A rule of tenant {{ $labels.user }} fails or comes too late: its alert would not fire.",
      logs: {
        expr: lines('|= "level=warn" | logfmt msg | msg="Evaluating rule failed"'),
        threshold: 0,
        for: "5m",
      },
    }),
    alert({
      name: "LogharborAlertsNotSent",
      expr:
        `sum by (namespace, alertmanager) (increase(loki_prometheus_notifications_errors_total${loki()}[10m])) > 0 or ` +
        `sum by (namespace, alertmanager) (increase(loki_prometheus_notifications_dropped_total${loki()}[10m])) > 0`,
      for: "5m",
      severity: "critical",
      summary: "Loki's ruler cannot send alerts.",
      description: "The ruler cannot send to {{ $labels.alertmanager }}: nobody is told of log alerts.",
      logs: {
        expr: lines('|= "level=error" | logfmt msg | msg="Error sending alerts"'),
        threshold: 0,
        for: "5m",
      },
    }),
    ...(certManager ? [certificates(parts.map((part) => namespaces[part]))] : []),
    alert({
      name: "LogharborWatchdog",
      expr: "vector(1)",
      severity: "none",
      summary: "Always fires. If it stops, alerts no longer reach you.",
      description: "Route this alert to a service that calls you when it no longer comes.",
    }),
  ];
}

/** From cert-manager's own series, which call the namespace `exported_namespace` if the operator scrapes them. */
function certificates(namespaces: readonly string[]): Alert {
  const expiry = (label: string) =>
    `certmanager_certificate_expiration_timestamp_seconds{name="logharbor", ${label}=~"${namespaces.join("|")}"}`;
  return {
    name: "LogharborCertificateExpires",
    page: "alerting",
    expr: `(${expiry("exported_namespace")} or ${expiry("namespace")}) - time() < 14 * 86400`,
    for: "1h",
    severity: "warning",
    summary: "A certificate of the platform ends within 14 days.",
    description: "cert-manager should have renewed a certificate by now.",
  };
}
