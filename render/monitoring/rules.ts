import type { Values } from "../pod";
import type { Alert } from "./alert";
import { alertsOf, runbookOf } from "./alerts";
import type { MonitoringSpec } from "./spec";

/** The alerts as groups of rules, one for each page of the runbooks. Prometheus and its operator read this format. */
export function ruleGroups(spec: MonitoringSpec): Values[] {
  const alerts = alertsOf(spec);
  const pages = [...new Set(alerts.map(({ page }) => page))];
  return pages.map((page) => ({
    name: `logharbor-${page}`,
    rules: alerts.filter((alert) => alert.page === page).map((alert) => rule(alert, spec)),
  }));
}

function rule(alert: Alert, { runbookUrl }: MonitoringSpec): Values {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for === undefined ? {} : { for: alert.for }),
    labels: { severity: alert.severity },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookOf(alert, runbookUrl),
    },
  };
}
