import type { Life, Round, Source } from "./life";

/** What happened to the lines of one life. */
export interface Row {
  life: Life;
  source: Source;
  round: Round;
  expected: number;
  stored: number;
  missing: number;
  /** Stored more than once. */
  duplicate: number;
  /** Stored without the right namespace, app, container or pod. */
  wrong: number;
  /** Shortest time for which the kubelet kept a log of it; Infinity if all logs still existed. */
  keptSeconds: number;
}

/** Logs that the kubelet keeps for this long must never be lost, whatever a life allows. */
const alwaysReadSeconds = 10;

/** Most lines of a row that may be missing. */
export function bound({ life, source, round, keptSeconds }: Row): number {
  if (source === "files" && round === "calm" && keptSeconds >= alwaysReadSeconds) return 0;
  return life.lost?.[source]?.[round] ?? 0;
}

/** Why a row does not hold; undefined if it holds. */
export function problem(row: Row): string | undefined {
  const { missing, duplicate, wrong } = row;
  if (missing < 0) return "more is stored than was written";
  if (missing > bound(row)) return `${missing} lines are missing, and ${bound(row)} may be`;
  if (duplicate > 0) return `${duplicate} lines are stored more than once`;
  return wrong > 0 ? `${wrong} lines have wrong labels` : undefined;
}

const rounds: Record<Round, string> = { calm: "", alloy: "Alloy restarted", kubelet: "kubelet restarted" };

const columns: readonly [title: string, value: (row: Row) => string | number][] = [
  ["life", ({ life }) => `${life.pods} pods: ${life.what}`],
  ["meanwhile", ({ round }) => rounds[round]],
  ["source", ({ source }) => `\`${source}\``],
  ["kept, at least", ({ keptSeconds }) => (Number.isFinite(keptSeconds) ? `${keptSeconds.toFixed(1)} s` : "all")],
  ["lines", ({ expected }) => expected],
  ["stored", ({ stored }) => stored],
  ["missing", ({ missing }) => missing],
  ["duplicate", ({ duplicate }) => duplicate],
  ["may be missing", bound],
  ["holds", (row) => problem(row) ?? "yes"],
];

/** The table in markdown. */
export function livesTable(rows: readonly Row[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => "---")),
    ...rows.map((row) => line(columns.map(([, value]) => value(row)))),
  ].join("\n");
}
