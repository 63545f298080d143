import { formatBytes } from "../../../domain/duration";
import type { LineFile } from "./lines";
import { median, ratio, type Measurement, type Memory, type Result } from "./measurement";

/** The encoding with which we compare the others. */
export const base = "snappy";

type Column<T> = [title: string, value: (own: T, base: T) => string];

const columns: readonly Column<Measurement>[] = [
  ["lines", ({ kind }) => kind],
  ["encoding", ({ encoding }) => encoding],
  ["stored per raw byte", ({ storedBytes, rawBytes }) => (storedBytes / rawBytes).toFixed(3)],
  [`stored, to ${base}`, ({ storedBytes }, base) => (storedBytes / base.storedBytes).toFixed(2)],
  [`write CPU, to ${base}`, ({ writeNanoseconds }, base) => ratio(writeNanoseconds, base.writeNanoseconds).toFixed(2)],
  [`read CPU, to ${base}`, ({ readNanoseconds }, base) => ratio(readNanoseconds, base.readNanoseconds).toFixed(2)],
  ["chunks", ({ chunks }) => String(chunks)],
  ["the same in each round", ({ identicalChunks }) => String(identicalChunks)],
  ["and with lines in another order", ({ reorderedChunks }) => String(reorderedChunks)],
];

const memoryColumns: readonly Column<Memory>[] = [
  ["encoding", ({ encoding }) => encoding],
  ["peak memory while Loki flushes 64 streams", ({ flushBytes }) => formatBytes(median(flushBytes))],
  ["while a query reads them", ({ queryBytes }) => formatBytes(median(queryBytes))],
  [`flush, to ${base}`, ({ flushBytes }, base) => ratio(flushBytes, base.flushBytes).toFixed(2)],
  [`query, to ${base}`, ({ queryBytes }, base) => ratio(queryBytes, base.queryBytes).toFixed(2)],
];

/** The tables in markdown, and below them what they were measured with. */
export function markdown(result: Result, files: readonly LineFile[], lokiVersion: string): string {
  const { measurements, memory } = result;
  const baseOf = (own: Measurement) =>
    measurements.find(({ kind, encoding }) => kind === own.kind && encoding === base);
  const speed = table(columns, measurements, baseOf);
  const memories = table(memoryColumns, memory, () => memory.find(({ encoding }) => encoding === base));
  return [...speed, "", ...memories, "", ...facts(result, files, lokiVersion), ""].join("\n");
}

function table<T>(columns: readonly Column<T>[], rows: readonly T[], baseOf: (own: T) => T | undefined): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const lines = rows.flatMap((own) => {
    const other = baseOf(own);
    return other === undefined ? [] : [line(columns.map(([, value]) => value(own, other)))];
  });
  return [line(columns.map(([title]) => title)), line(columns.map(() => "---")), ...lines];
}

function facts({ cores, measurements }: Result, files: readonly LineFile[], lokiVersion: string): string[] {
  const bases = measurements.filter(({ encoding }) => encoding === base);
  return [
    `Loki ${lokiVersion}, ${cores} cores, median of ${bases[0]?.writeNanoseconds.length} rounds, processor time.`,
    ...bases.map((own) => {
      const ofKind = files.filter(({ kind }) => kind === own.kind);
      const origins = [...new Set(ofKind.map(({ origin }) => origin))].join(", ");
      const rate = (bytes: number, times: readonly number[]) => `${Math.round((bytes / median(times)) * 1000)} MB`;
      // The lines are read twice: once to count them all, once to count those with a text.
      const [taken, read] = [rate(own.rawBytes, own.writeNanoseconds), rate(own.rawBytes * 2, own.readNanoseconds)];
      return (
        `- ${own.kind}: ${own.lines} lines, ${formatBytes(own.rawBytes)}, ${ofKind.length} files (${origins}); ` +
        `with ${base}, one core wrote ${taken} and read ${read} of lines a second.`
      );
    }),
  ];
}
