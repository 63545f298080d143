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
    ...(watched.parts.includes("minio") ? minioAlerts(watched) : []),
    ...(watched.parts.includes("grafana") ? grafanaAlerts(watched) : []),
    ...alertingAlerts(watched),
  ];
}

/**
 * Where a runbook is.
 * @param runbook `name`: that of the alert, or of doctor's check; `page`: its page, without `.md`
 * @param base address of the folder of the runbooks. Default: its path in this repository
 */
export function runbookOf({ name, page }: { name: string; page: string }, base = runbooksPath): string {
  return `${base}/${page}.md#${name.toLowerCase()}`;
}
