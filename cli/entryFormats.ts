import type { Nearby } from "../logs/around";
import type { Entry } from "../logs/query";

/** How lines are printed. */
export const outputs = ["text", "raw", "json", "csv"] as const;
export type Output = (typeof outputs)[number];

/** The first line of a CSV file. */
export const csvHeader = "time,namespace,app,pod,container,level,line";

/**
 * One entry as text. Pure.
 * @param colours whether the pod's name is in a colour of its own
 */
export function format(entry: Entry, output: Output, colours = false): string {
  const { timestampNs, labels, metadata, line } = entry;
  const time = new Date(Number(BigInt(timestampNs) / 1_000_000n)).toISOString();
  const pod = metadata.pod ?? labels.pod;
  switch (output) {
    case "raw":
      return line;
    case "json":
      return JSON.stringify({ time, timestampNs, labels, metadata, line });
    case "csv":
      // To the nanosecond, since a table is sorted by it.
      return [
        time.replace(/\d{3}Z$/, `${timestampNs.slice(-9)}Z`),
        labels.namespace,
        labels.app,
        pod,
        labels.container,
        metadata.detected_level,
        line,
      ]
        .map(cell)
        .join(",");
    case "text": {
      const source = [labels.namespace, pod, labels.container].filter((part) => part !== undefined).join("/") || "-";
      return `${time} ${colours ? coloured(source, pod ?? source) : source} ${line}`;
    }
  }
}

/** A line of a group, with whether it was found. Pure. */
export function formatNearby({ entry, found }: Nearby, output: Output, colours = false): string {
  const text = format(entry, output, colours);
  if (output === "json") return JSON.stringify({ ...(JSON.parse(text) as object), found });
  return output === "raw" ? text : `${found ? ">" : " "} ${text}`;
}

/** A cell of CSV (RFC 4180). */
function cell(text = ""): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Codes of a terminal's colours, without black, white and the red of errors. */
const palette = [32, 33, 34, 35, 36, 92, 93, 94, 95, 96];

/** A text in the colour that belongs to a name. */
function coloured(text: string, name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)!) % 1_000_003;
  return `\u001B[${palette[hash % palette.length]}m${text}\u001B[39m`;
}
