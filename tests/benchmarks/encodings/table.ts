import { formatBytes } from "../../../cli/duration";
import type { LineFile } from "./lines";
import { median, ratio, type Measurement, type Result } from "./measurement";

/** The encoding that the others are compared with. */
export const base = "snappy";

type Column = [title: string, value: (own: Measurement, base: Measurement) => string];

const columns: readonly Column[] = [
  ["lines", ({ kind }) => kind],
  ["encoding", ({ encoding }) => encoding],
  ["stored a raw byte", ({ storedBytes, rawBytes }) => (storedBytes / rawBytes).toFixed(3)],
  [`stored, to ${base}`, ({ storedBytes }, base) => (storedBytes / base.storedBytes).toFixed(2)],
  [`write CPU, to ${base}`, ({ writeNanoseconds }, base) => ratio(writeNanoseconds, base.writeNanoseconds).toFixed(2)],
  [`read CPU, to ${base}`, ({ readNanoseconds }, base) => ratio(readNanoseconds, base.readNanoseconds).toFixed(2)],
  ["memory to read 50 chunks", ({ openBytes }) => formatBytes(openBytes)],
  ["to flush 32", ({ flushBytes }) => formatBytes(flushBytes)],
  ["chunks", ({ chunks }) => String(chunks)],
  ["the same in two replicas", ({ identicalChunks }) => String(identicalChunks)],
  ["and with lines in another order", ({ reorderedChunks }) => String(reorderedChunks)],
];

/** The table in markdown, and under it what it was measured with. */
export function markdown(result: Result, files: readonly LineFile[], lokiVersion: string): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const { measurements } = result;
  const rows = measurements.flatMap((own) => {
    const other = measurements.find(({ kind, encoding }) => kind === own.kind && encoding === base);
    return other === undefined ? [] : [line(columns.map(([, value]) => value(own, other)))];
  });
  return [line(columns.map(([title]) => title)), line(columns.map(() => "---")), ...rows, "", ...facts(result, files, lokiVersion), ""].join("\n");
}

function facts({ cores, goVersion, measurements }: Result, files: readonly LineFile[], lokiVersion: string): string[] {
  const bases = measurements.filter(({ encoding }) => encoding === base);
  return [
    `Loki ${lokiVersion}, ${goVersion}, ${cores} cores, median of ${bases[0]?.writeNanoseconds.length} rounds. Processor time, not the clock's.`,
    ...bases.map((own) => {
      const ofKind = files.filter(({ kind }) => kind === own.kind);
      const origins = [...new Set(ofKind.map(({ origin }) => origin))].join(", ");
      const rates = [own.writeNanoseconds, own.readNanoseconds].map((times) => Math.round((own.rawBytes / median(times)) * 1000));
      return `- ${own.kind}: ${own.lines} lines, ${formatBytes(own.rawBytes)}, ${ofKind.length} files (${origins}); ${base} wrote ${rates[0]} MB and read ${rates[1]} MB a second of one core.`;
    }),
  ];
}
