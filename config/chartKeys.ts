import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

import { isMap } from "../domain/tree";

/* Which values a chart knows. */

type Path = readonly string[];
type Schema = Record<string, unknown>;

/** What tells a chart's values. */
export interface ChartKeys {
  /** Its default values. */
  values: unknown;
  /** Its values.schema.json. Undefined if it has none. */
  schema?: Schema;
  /** Names that its templates read, and those in the comments of its default values. */
  named: ReadonlySet<string>;
}

/**
 * Reads a chart from a folder or a .tgz. Undefined if it cannot be read: Helm says why.
 * @param path a relative one starts in the current folder
 */
export function readChartKeys(path: string): ChartKeys | undefined {
  try {
    const file = resolve(path);
    return chartKeys(statSync(file).isDirectory() ? filesBelow(file) : packedFiles(readFileSync(file)));
  } catch {
    return undefined;
  }
}

/** @param files texts of the chart's files, by their path in it */
export function chartKeys(files: ReadonlyMap<string, string>): ChartKeys {
  const values = files.get("values.yaml") ?? "";
  const schema = files.get("values.schema.json");
  const templates = [...files].filter(([path]) => /(^|\/)templates\//.test(path)).map(([, text]) => text);
  const read = templates.flatMap((text) => [
    ...text.matchAll(/\.([A-Za-z_]\w*)/g),
    ...text.matchAll(/"([\w.-]+)"/g), // as in: index .Values "grafana.ini"
  ]);
  const commented = [...values.matchAll(/^\s*#+\s*(?:- )?["']?([\w.-]+)["']?:/gm)];
  return {
    values: parse(values) as unknown,
    ...(schema === undefined ? {} : { schema: JSON.parse(schema) as Schema }),
    named: new Set([...read, ...commented].map(([, name]) => name!)),
  };
}

/**
 * Keys of `given` that the chart does not know: neither its default values nor its schema has them, and no template
 * names them. Below an empty map or a list everything is known, because charts hand it on.
 */
export function unknownKeys(chart: ChartKeys, given: unknown): Path[] {
  return below([], given, { ...chart, schema: resolved(chart.schema, chart.schema) });
}

function below(path: Path, given: unknown, chart: ChartKeys): Path[] {
  if (!isMap(given)) return [];
  const properties = chart.schema?.properties as Record<string, Schema> | undefined;
  const values = isMap(chart.values) ? chart.values : {};
  const { additionalProperties } = chart.schema ?? {};
  const closed = additionalProperties === false;
  const isFree = properties === undefined && !closed;
  if (isFree && (Object.keys(values).length === 0 || additionalProperties !== undefined)) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const [inValues, inSchema] = [Object.hasOwn(values, key), Object.hasOwn(properties ?? {}, key)];
    if (!inValues && !inSchema) return !closed && chart.named.has(key) ? [] : [[...path, key]];
    const schema = resolved(properties?.[key], chart.schema);
    return below([...path, key], value, { ...chart, values: values[key], schema });
  });
}

/** A schema with what it refers to in its place. Each part carries the definitions of the whole. */
function resolved(schema: Schema | undefined, around: Schema | undefined): Schema | undefined {
  if (schema === undefined) return undefined;
  const definitions = { $defs: around?.$defs, definitions: around?.definitions };
  const [, group, name] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(schema.$ref)) ?? [];
  const target = (definitions[group as keyof typeof definitions] as Record<string, Schema> | undefined)?.[name ?? ""];
  return { ...(target ?? schema), ...definitions };
}

function filesBelow(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => /\.(ya?ml|json|tpl|txt)$/.test(path));
  return new Map(files.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]));
}

const block = 512;

/** The texts of a .tgz as Helm packs it: each below a folder with the chart's name. */
function packedFiles(packed: Uint8Array): Map<string, string> {
  const tar = gunzipSync(packed);
  const files = new Map<string, string>();
  const text = (from: number, length: number) => tar.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const path = [text(at + 345, 155), text(at, 100)].filter((part) => part !== "").join("/");
    const isFile = ["0", ""].includes(text(at + 156, 1));
    if (isFile) files.set(path.split("/").slice(1).join("/"), tar.toString("utf8", at + block, at + block + size));
    at += block * (1 + Math.ceil(size / block));
  }
  return files;
}
