import type { Part } from "../domain/parts";
import type { Problem } from "../domain/problem";

/** Everything that doctor judges, causes before their effects. */
export const checks = [
  "nodes",
  "dns",
  "namespace",
  "cluster-role",
  "secret",
  "policy",
  "volume",
  "volume-full",
  "certificate",
  "clock",
  "objects",
  "workload",
  "pods",
  "collector-missing",
  "endpoints",
  "store-down",
  "store-unreachable",
  "drives",
  "store-full",
  "store-login",
  "bucket",
  "loki-ready",
  "ring",
  "stale-secret",
  "gateway-login",
  "tenant",
  "release",
  "flush",
  "wal",
  "compactor",
  "components",
  "not-sent",
  "drops",
  "discards",
  "node-silent",
  "lines-missing",
  "lines-gone",
  "lines-late",
  "alertmanager",
  "ruler",
  "alerts",
  "grafana",
] as const;

/** One of {@link checks}. */
export type Check = (typeof checks)[number];

/** Where a finding belongs: a part, an object store that is not the stack's, the way of alerts, or the cluster. */
export type Place = Part | "object-store" | "alerting" | "cluster";

/**
 * `error`: something does not work. `warning`: something will soon not work, or works only in part. `note`: something
 * is over, but lines may be missing because of it.
 */
export type Severity = "error" | "warning" | "note";

/** The remedy for an object of the stack that is gone or changed. */
export const upAgain = "npm run drift shows what differs, and npm run up puts it back";

/** What is wrong with a stack, with what shows it and what to do. */
export interface Finding extends Problem {
  check: Check;
  part: Place;
  severity: Severity;
  /** What was seen, word for word where possible. */
  evidence: readonly string[];
  /** What it means for logs. */
  meaning: string;
}

/** A finding, and the one that explains it. */
export interface RankedFinding extends Finding {
  /** The finding that it follows from. Undefined for a cause. */
  followsFrom?: Pick<Finding, "check" | "part">;
}

/** A finding as people get it. */
export interface ReportedFinding extends RankedFinding {
  /** Where its runbook is: page and section. */
  runbook: string;
}
