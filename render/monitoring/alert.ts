import type { canaryName } from "../../domain/names";
import type { Part } from "../../domain/parts";

/** What the alerts of a stack depend on. */
export interface Watched {
  /** Namespace of each part. */
  namespaces: Readonly<Record<Part, string>>;
  /** The parts that the stack has. */
  parts: readonly Part[];
  /** How Alloy reads logs; only files have a position that can stand still. */
  source: "kubernetes-api" | "files";
  /** Whether Loki caches in memcached. */
  memcached: boolean;
  /** Whether MinIO moves chunks to a remote tier. */
  tiered: boolean;
  /** Whether cert-manager makes the certificates. */
  certManager: boolean;
  /** Whether a canary runs on every node. */
  canary: boolean;
  /** Whether the stack reads events. */
  events: boolean;
  /** Minutes between two runs of the compactor. */
  compactionMinutes: number;
}

/** `none` is for the watchdog, which always fires. */
export type Severity = "critical" | "warning" | "none";

/** A fault of the platform, and how metrics tell it. */
export interface Alert {
  /** Its name. The runbook has a section of the same name. */
  name: string;
  /** Page of its runbook, without `.md`. */
  page: "loki" | "alloy" | "canary" | "minio" | "grafana" | "alerting";
  /** PromQL. It is true while it returns anything. */
  expr: string;
  /** How long it must be true, as Prometheus writes it. Default: not at all. */
  for?: string;
  /** `critical`: logs are lost, or will be within hours. `warning`: somebody must look within a day or two. */
  severity: Severity;
  /** The fault in one sentence, without values. */
  summary: string;
  /** The fault with its values, as a template of Prometheus. */
  description: string;
  /** How the platform's own logs tell the same fault. Unset: they do not. */
  logs?: LogSign;
}

/** How logs tell a fault. */
export interface LogSign {
  /** LogQL that yields numbers. It cannot match its own text, which Loki logs with each evaluation. */
  expr: string;
  /** The fault is there while a number is above this. */
  threshold: number;
  /** How long it must be there, as Prometheus writes it. Default: not at all. */
  for?: string;
}

/** A selector of series: those of a namespace, and what else they must match. */
export function series(namespace: string, ...matchers: string[]): string {
  return `{${[`namespace="${namespace}"`, ...matchers].join(", ")}}`;
}

/** Matches the pods of a part, or of the canary, for series that others in its namespace may have too. */
export const podsOf = (workload: Part | typeof canaryName): string => `pod=~"${workload}(-.*)?"`;

/**
 * How many lines of an app's pods pass a filter in ten minutes, by pod. In a filter, parse a line before you look for
 * text that a query may contain.
 */
export function linesOf(namespace: string, app: Part | typeof canaryName, filter: string): string {
  return `sum by (namespace, pod) (count_over_time({namespace="${namespace}", app="${app}"} ${filter} [10m]))`;
}
