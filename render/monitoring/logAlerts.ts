import type { Severity, Watched } from "./alert";
import { alertsOf, runbookOf } from "./alerts";

/** A fault that the platform's own logs tell. */
export interface LogAlert {
  /** The name of the alert over metrics that tells the same fault. */
  name: string;
  /** LogQL that yields numbers, by namespace and pod. It cannot match its own text. */
  expr: string;
  /** The alert fires while a number is above this. */
  threshold: number;
  /** How long it must be so, as Prometheus writes it; `0m`: not at all. */
  for: string;
  /** How soon somebody must look. */
  severity: Severity;
  /** The fault in one sentence. */
  summary: string;
  /** Address of its runbook. */
  runbook: string;
}

/**
 * Every fault that the platform's own logs tell, for Loki's ruler: it takes no Prometheus. None of them sees that Loki
 * or Alloy is away.
 * @param runbooks address of the folder of the runbooks. Default: its path in this repository
 */
export function logAlerts(watched: Watched, runbooks?: string): LogAlert[] {
  return alertsOf(watched).flatMap(({ name, page, severity, summary, logs }) =>
    logs === undefined
      ? []
      : [{ name, for: "0m", ...logs, severity, summary, runbook: runbookOf({ name, page }, runbooks) }],
  );
}
