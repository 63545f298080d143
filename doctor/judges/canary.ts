import { canaryName } from "../../domain/names";
import { lineSeconds, missingMinutes } from "../../render/canary/objects";
import type { CanaryState, Facts } from "../facts";
import type { Finding } from "../finding";
import { total, type Metrics } from "../metrics";

/** What a canary has counted since it started. */
export interface CanaryFigures {
  pod: string;
  node: string;
  /** Lines that it wrote. */
  written: number;
  /** Of these, lines that a live tail brought within a minute, and their mean time in seconds. */
  readBack: number;
  meanSeconds: number;
  /** Lines that the tail did not bring within a minute. */
  late: number;
  /** Lines that Loki did not have after ten minutes. */
  missing: number;
  /** Lines that came more than once. */
  twice: number;
  /** Looks at an older line that did not find it. */
  gone: number;
}

/** Lines that are on their way at the same time without being slow. */
const fewLines = 3;

/** The figures of each canary. Pure. */
export function figuresOf({ canaries }: Pick<Facts, "canaries">): CanaryFigures[] {
  return canaries.flatMap(({ pod, node, metrics }) =>
    metrics === undefined ? [] : [{ pod, node, ...countedIn(metrics.later ?? metrics.first) }],
  );
}

/** The figures of a canary as a line for people. Pure. */
export function figuresLine({
  gone,
  late,
  meanSeconds,
  missing,
  node,
  readBack,
  twice,
  written,
}: CanaryFigures): string {
  const mean = readBack === 0 ? "" : ` in ${meanSeconds.toFixed(1)} s on average`;
  const bad = `${late} late, ${missing} missing, ${twice} twice, ${gone} gone`;
  return `canary on ${node}: ${written} lines written, ${readBack} read back${mean}, ${bad}`;
}

/** What the canaries say about the way of lines. */
export function judgeCanaries({ canaries, settings }: Facts): Finding[] {
  return canaries.flatMap((canary) => judged(canary, settings.namespaces.alloy));
}

function judged({ metrics, node, pod }: CanaryState, namespace: string): Finding[] {
  if (metrics === undefined) return [];
  const [first, now] = [countedIn(metrics.first), countedIn(metrics.later ?? metrics.first)];
  const grown = (figure: "late" | "missing" | "gone") => now[figure] - first[figure];
  const underWay = now.written - now.readBack - now.late;
  const line = figuresLine({ pod, node, ...now });
  const finding = (one: Pick<Finding, "check" | "severity" | "problem" | "meaning">): Finding => ({
    part: "alloy",
    ...one,
    evidence: [line],
    remedy: [
      `see the lines that arrived: npm run logs -- '{app="${canaryName}", node="${node}"}'`,
      `and what the canary says: kubectl -n ${namespace} logs ${pod}`,
    ],
  });
  return [
    ...(now.missing > 0
      ? [
          finding({
            check: "lines-missing",
            severity: grown("missing") > 0 ? "error" : "note",
            problem:
              grown("missing") > 0
                ? `lines of node ${node} are lost on their way`
                : `lines of node ${node} were lost on their way since the canary started`,
            meaning: `every pod's lines take this way; Loki lacked these after ${missingMinutes} minutes, or had them altered`,
          }),
        ]
      : []),
    ...(now.gone > 0
      ? [
          finding({
            check: "lines-gone",
            severity: grown("gone") > 0 ? "error" : "note",
            problem: `Loki did not find older lines of node ${node}`,
            meaning: "lines that were stored cannot be read",
          }),
        ]
      : []),
    ...(grown("late") > 0 || underWay > fewLines
      ? [
          finding({
            check: "lines-late",
            severity: "warning",
            problem:
              underWay > fewLines
                ? `the last ${underWay * lineSeconds} s of lines of node ${node} have not come back`
                : `lines of node ${node} come late`,
            meaning: "nothing is lost yet; logs and alerts over them come late",
          }),
        ]
      : []),
  ];
}

function countedIn(metrics: Metrics): Omit<CanaryFigures, "pod" | "node"> {
  const of = (name: string) => total(metrics, `loki_canary_${name}`);
  const readBack = of("response_latency_seconds_count");
  return {
    written: of("entries_total"),
    readBack,
    meanSeconds: readBack === 0 ? 0 : of("response_latency_seconds_sum") / readBack,
    late: of("websocket_missing_entries_total"),
    missing: of("missing_entries_total"),
    twice: of("duplicate_entries_total"),
    gone: of("spot_check_missing_entries_total"),
  };
}
