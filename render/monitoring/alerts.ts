import { runbooksPath } from "../../domain/names";
import type { Alert, Watched } from "./alert";
import { alloyAlerts } from "./alloyAlerts";
import { canaryAlerts } from "./canaryAlerts";
import { lokiAlerts } from "./lokiAlerts";
import { minioAlerts } from "./minioAlerts";
import { alertingAlerts, grafanaAlerts } from "./otherAlerts";

/** Every alert of a stack. */
export function alertsOf(watched: Watched): Alert[] {
  return [
    ...lokiAlerts(watched),
    ...alloyAlerts(watched),
    ...(watched.canary ? canaryAlerts(watched) : []),
    ...minioAlerts(watched),
    ...(watched.parts.includes("grafana") ? grafanaAlerts(watched) : []),
    ...alertingAlerts(watched),
  ];
}

/**
 * Where the runbook of an alert is.
 * @param base address of the folder of the runbooks. Default: its path in this repository
 */
export function runbookOf({ name, page }: Pick<Alert, "name" | "page">, base = runbooksPath): string {
  return `${base}/${page}.md#${name.toLowerCase()}`;
}
