import { runbookOf } from "../render/monitoring/alerts";
import { checks, type Check } from "./finding";

/** The checks of faults that have an alert too: their runbook is that of the alert. */
const alerts: Partial<Record<Check, [page: string, alert: string]>> = {
  certificate: ["alerting", "LogharborCertificateExpires"],
  "collector-missing": ["alloy", "LogharborAlloyPodDown"],
  "store-down": ["minio", "LogharborMinioDown"],
  drives: ["minio", "LogharborMinioDriveOffline"],
  "store-full": ["minio", "LogharborMinioCapacity"],
  "loki-ready": ["loki", "LogharborLokiPodDown"],
  ring: ["loki", "LogharborRingUnhealthy"],
  flush: ["loki", "LogharborFlushFailures"],
  wal: ["loki", "LogharborWalDiskFull"],
  compactor: ["loki", "LogharborCompactorNotRunning"],
  components: ["alloy", "LogharborAlloyComponentUnhealthy"],
  "not-sent": ["alloy", "LogharborAlloyRetrying"],
  drops: ["alloy", "LogharborAlloyDroppedLines"],
  discards: ["loki", "LogharborDiscardedLines"],
  "node-silent": ["alloy", "LogharborNodeSilent"],
  "lines-missing": ["canary", "LogharborCanaryMissing"],
  "lines-gone": ["canary", "LogharborCanaryGone"],
  "lines-late": ["canary", "LogharborCanaryLate"],
  alertmanager: ["alerting", "LogharborAlertsNotSent"],
  ruler: ["alerting", "LogharborRulerFailing"],
  alerts: ["alerting", "LogharborAlertsNotSent"],
  grafana: ["grafana", "LogharborGrafanaDown"],
};

/** Page of the runbooks of the other checks. Its sections are called as the checks. */
const page = "cluster";

/** The checks whose runbook has a section on the page of doctor's own. */
export const ownChecks = checks.filter((check) => alerts[check] === undefined);

/**
 * Where the runbook of a check is.
 * @param base address of the folder of the runbooks. Default: its path in this repository
 */
export function runbookFor(check: Check, base?: string): string {
  const [where, name] = alerts[check] ?? [page, check];
  return runbookOf({ name, page: where }, base);
}
