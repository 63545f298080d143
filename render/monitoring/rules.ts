import type { Values } from "../pod";
import type { Alert } from "./alert";
import { alertsOf, runbookOf } from "./alerts";
import type { MonitoringSpec } from "./spec";

/** Rules that Prometheus evaluates together; Prometheus and its operator read this format. */
export interface RuleGroup extends Values {
  name: string;
  rules: AlertingRule[];
}

/** An alert in Prometheus' own words. */
export interface AlertingRule extends Values {
  alert: string;
  expr: string;
  for?: string;
}

/** The alerts as groups of rules, one for each page of the runbooks. */
export function ruleGroups(spec: MonitoringSpec): RuleGroup[] {
  const alerts = alertsOf(spec);
  const pages = [...new Set(alerts.map(({ page }) => page))];
  return pages.map((page) => ({
    name: `logharbor-${page}`,
    rules: alerts.filter((alert) => alert.page === page).map((alert) => rule(alert, spec)),
  }));
}

function rule(alert: Alert, { runbookUrl }: MonitoringSpec): AlertingRule {
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
