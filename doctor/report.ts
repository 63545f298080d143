import type { ReportedFinding, Severity } from "./finding";
import { figuresLine, type CanaryFigures } from "./judges/canary";

/** What doctor says about a stack. */
export interface Diagnosis {
  /** The cause first; what follows from it stands behind it. */
  findings: readonly ReportedFinding[];
  /** What could not be seen, and the right that this takes. */
  unseen: readonly string[];
  /** What each canary has counted. */
  canaries: readonly CanaryFigures[];
  /** How long the look took, in ms. */
  tookMs: number;
}

/** Status of the process: healthy, something found, or too little seen to call it healthy. */
export type ExitStatus = 0 | 1 | 2;

/** The exit status of a diagnosis. Notes are about the past, so they do not count. Pure. */
export function exitStatus({ findings, unseen }: Pick<Diagnosis, "findings" | "unseen">): ExitStatus {
  if (findings.some(({ severity }) => severity !== "note")) return 1;
  return unseen.length > 0 ? 2 : 0;
}

const marks: Readonly<Record<Severity, string>> = { error: "✗", warning: "!", note: "·" };

/** The diagnosis as text for people. Pure. */
export function reportOf({ canaries, findings, unseen, tookMs }: Diagnosis): string {
  const seen = `looked for ${Math.round(tookMs / 1000)} s`;
  const bad = findings.filter(({ severity }) => severity !== "note").length;
  return [
    ...findings.flatMap(findingLines),
    ...(unseen.length === 0
      ? []
      : ["Not seen, so nothing is said about it:", ...unseen.map((what) => `  ? ${what}`), ""]),
    ...canaries.map(figuresLine),
    bad > 0
      ? `${bad === 1 ? "1 finding" : `${bad} findings`} (${seen})`
      : unseen.length > 0
        ? `nothing is wrong with what could be seen (${seen})`
        : `healthy: every part and hop works (${seen})`,
  ].join("\n");
}

function findingLines(finding: ReportedFinding): string[] {
  const { check, part, severity, problem, evidence, meaning, remedy, runbook, followsFrom } = finding;
  if (followsFrom !== undefined)
    return [
      `  ${marks[severity]} ${part}: ${problem}  (follows from ${followsFrom.part}/${followsFrom.check})`,
      ...evidence.map((line) => `      ${line}`),
      "",
    ];
  return [
    `${marks[severity]} ${part}: ${problem}  [${check}]`,
    ...evidence.map((line) => `    ${line}`),
    `  means: ${meaning}`,
    ...[remedy].flat().map((line) => `  -> ${line}`),
    `  more: ${runbook}`,
    "",
  ];
}
