import { z } from "zod";

import { defaultsFor, type Plain } from "./defaults";
import { formatPath, metaOf, schemaAt, settingPaths, type Path } from "./paths";

const [open, close] = ["<!-- settings -->", "<!-- /settings -->"];

/** Every setting with its meaning and its defaults, as a Markdown table. */
export function settingsTable(): string {
  const [dev, prod] = [defaultsFor("dev"), defaultsFor("prod")];
  const rows = settingPaths().map((path) => [
    code(formatPath(path)),
    meaning(path),
    ...(path[0] === "profile" ? ["", ""] : [shown(path, dev), shown(path, prod)]),
  ]);
  return [["setting", "meaning", "dev", "prod"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/**
 * The document with a new table between its two markers, `<!-- settings -->` and `<!-- /settings -->`.
 * @throws Error if a marker is missing.
 */
export function withSettingsTable(document: string): string {
  const [start, end] = [document.indexOf(open), document.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the document needs the markers ${open} and ${close}`);
  return `${document.slice(0, start + open.length)}\n\n${settingsTable()}\n\n${document.slice(end)}`;
}

function meaning(path: Path): string {
  const schema = schemaAt(path);
  const values =
    schema instanceof z.ZodEnum ? ` One of ${schema.options.map((value) => code(String(value))).join(", ")}.` : "";
  const range = schema instanceof z.ZodNumber ? ` From ${schema.minValue} to ${schema.maxValue}.` : "";
  return `${metaOf(schema)?.description}${values}${range}`;
}

function shown(path: Path, defaults: Plain): string {
  const value = path.reduce<unknown>((group, key) => (group as Record<string, unknown> | undefined)?.[key], defaults);
  if (value === undefined) return "unset";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

function code(text: string): string {
  return `\`${text}\``;
}
