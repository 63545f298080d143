import type { AlertRule } from "../config/settings";

/** The annotations of an alert, by the names that Alertmanager and Grafana give them. */
export function alertAnnotations({ summary, runbook }: Pick<AlertRule, "summary" | "runbook">): Record<string, string> {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(runbook === undefined ? {} : { runbook_url: runbook }),
  };
}
