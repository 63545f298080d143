/** What happened to the lines of one fault. */
export interface Row {
  fault: string;
  what: string;
  how: string;
  /** Lines that pods wrote or clients pushed. */
  sent: number;
  /** Lines that Loki accepted with a 204; for pods, all that they wrote, because Alloy refuses none. */
  acknowledged: number;
  /** Pushes that were refused or not answered, and then repeated; undefined if Alloy pushes. */
  refused?: number;
  readBack: number;
  /** Acknowledged lines that can't be read. */
  missing: number;
  duplicate: number;
  altered: number;
  /** Seconds from the end of the fault until every replica is ready, a push acknowledged and a query answered. */
  recoverySeconds: number;
  notes: string[];
  /** Alerts that fired; undefined if nobody watched. */
  alerts?: string[];
  /** Why the row does not hold; empty if it holds. */
  problems: string[];
}

/** Printed with every table. */
export const scope =
  "All of this ran on one machine. Processes, volumes and traffic can fail independently there; power, disks, " +
  "network switches and clocks cannot. Times are from one node with few cores.";

type Column = readonly [title: string, value: (row: Row) => string];

const columns: readonly Column[] = [
  ["fault", ({ what }) => what],
  ["sent", ({ sent }) => String(sent)],
  ["acknowledged", ({ acknowledged }) => String(acknowledged)],
  ["pushes refused", ({ refused }) => (refused === undefined ? "by Alloy" : String(refused))],
  ["read back", ({ readBack }) => String(readBack)],
  ["missing", ({ missing }) => String(missing)],
  ["duplicate", ({ duplicate }) => String(duplicate)],
  ["altered", ({ altered }) => String(altered)],
  ["recovery", ({ recoverySeconds }) => `${recoverySeconds} s`],
  ["how, and what else was seen", ({ how, notes }) => [how, ...notes].join("; ")],
  ["holds", ({ problems }) => (problems.length === 0 ? "yes" : `no: ${problems.join("; ")}`)],
];

const alerts: Column = ["alerts", ({ alerts = [] }) => (alerts.length === 0 ? "none" : alerts.join(", "))];

/** The table in markdown. */
export function markdown(rows: readonly Row[]): string {
  const shown = rows.some((row) => row.alerts !== undefined)
    ? [...columns.slice(0, -1), alerts, ...columns.slice(-1)]
    : columns;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\s+/g, " ")).join(" | ")} |`;
  return [
    line(shown.map(([title]) => title)),
    line(shown.map(() => "---")),
    ...rows.map((row) => line(shown.map(([, value]) => value(row)))),
    "",
    scope,
    "",
  ].join("\n");
}

/** One row for a terminal, before the next rows are ready. */
export function summary({ problems, ...row }: Row): string {
  const numbers =
    `${row.sent} sent, ${row.acknowledged} acknowledged, ${row.readBack} read back, ${row.missing} ` +
    `missing, ${row.duplicate} duplicate, ${row.altered} altered`;
  const refused = row.refused === undefined ? "" : `, ${row.refused} pushes refused`;
  const alerts = row.alerts === undefined ? "" : `; alerts: ${row.alerts.join(", ") || "none"}`;
  return (
    `${problems.length === 0 ? "holds" : `FAILS (${problems.join("; ")})`}: ${numbers}${refused}; ` +
    `recovered after ${row.recoverySeconds} s${alerts}${row.notes.map((note) => `; ${note}`).join("")}`
  );
}
