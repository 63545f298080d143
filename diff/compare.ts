import { isDeepStrictEqual } from "node:util";
import { diffArrays, structuredPatch } from "diff";
import { stringify } from "yaml";
import { isSameQuantity } from "../domain/quantity";
import { isObject, type Json, type JsonObject } from "./json";
import { shown } from "./mask";
import { keyOf } from "./mergeKeys";
import { thingKey, type MaskedThing } from "./thing";

/** One field that differs. Secrets are still hashes in it. */
export interface Difference {
  /** Keys from the object down to the field; that of a list's element is in brackets. */
  path: readonly string[];
  /** Undefined: there was none. */
  before?: Json;
  /** Undefined: there is none. */
  after?: Json;
}

/** An object that differs, with the object on each side. */
export interface ThingDifference {
  before?: MaskedThing;
  after?: MaskedThing;
  /** Empty if one side has no such object. */
  fields: Difference[];
}

/** How many lines a text difference has around each change. */
const context = 3;
/** The work of finding what two texts share grows with its square. Beyond, they are shown whole. */
const maxEditLength = 2_000;

/** The objects that differ between two sides, in the order of the newer one, then what is gone. Pure. */
export function compareThings(before: readonly MaskedThing[], after: readonly MaskedThing[]): ThingDifference[] {
  const was = new Map(before.map((thing) => [thingKey(thing), thing]));
  const is = new Map(after.map((thing) => [thingKey(thing), thing]));
  const present = [...is].flatMap(([key, thing]): ThingDifference[] => {
    const old = was.get(key);
    if (old === undefined) return [{ after: thing, fields: [] }];
    const fields = [
      ...(old.maker === thing.maker ? [] : [{ path: ["(made by)"], before: old.maker, after: thing.maker }]),
      ...compareValues(old.content, thing.content),
    ];
    return fields.length === 0 ? [] : [{ before: old, after: thing, fields }];
  });
  const gone = [...was].flatMap(([key, thing]) => (is.has(key) ? [] : [{ before: thing, fields: [] }]));
  return [...present, ...gone];
}

/** The fields in which two values differ. Elements of a list are matched by what Kubernetes merges them by. Pure. */
export function compareValues(before?: Json, after?: Json, path: readonly string[] = []): Difference[] {
  // Charts write "nothing" as null, or leave it out.
  const [was, is] = [before ?? undefined, after ?? undefined];
  if (isDeepStrictEqual(was, is) || areSameQuantity(was, is, path)) return [];
  if (isObject(was) && isObject(is)) return compareObjects(was, is, path);
  if (Array.isArray(was) && Array.isArray(is)) return compareLists(was, is, path);
  return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
}

/** The API server writes quantities in its own form: 0.5 becomes 500m, and 1000000 becomes 1M. */
function areSameQuantity(was: Json | undefined, is: Json | undefined, path: readonly string[]): boolean {
  const holdsQuantity = ["limits", "requests", "hard"].includes(path.at(-2) ?? "") || path.at(-1) === "sizeLimit";
  const isScalar = (value: Json | undefined) => typeof value === "string" || typeof value === "number";
  return holdsQuantity && isScalar(was) && isScalar(is) && isSameQuantity(String(was), String(is));
}

function compareObjects(was: JsonObject, is: JsonObject, path: readonly string[]): Difference[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  // By what a reader sees: the hash in a hidden key is another in each run.
  const sorted = keys
    .map((key) => ({ key, seen: shown(key) }))
    .sort((a, b) => (a.seen < b.seen ? -1 : a.seen > b.seen ? 1 : 0));
  return sorted.flatMap(({ key }) => compareValues(was[key], is[key], [...path, key]));
}

function compareLists(was: readonly Json[], is: readonly Json[], path: readonly string[]): Difference[] {
  const field = path.at(-1) ?? "";
  const [old, now] = [keyed(was, field), keyed(is, field)];
  if (old === undefined || now === undefined) return compareInOrder(was, is, path);
  const keys = [...new Set([...now.keys(), ...old.keys()])];
  const elements = keys.flatMap((key) => compareValues(old.get(key), now.get(key), [...path, `[${key}]`]));
  // They run one after the other.
  const common = (map: ReadonlyMap<string, Json>) => [...map.keys()].filter((key) => old.has(key) && now.has(key));
  return field === "initContainers" && !isDeepStrictEqual(common(old), common(now))
    ? [...elements, { path: [...path, "(order)"], before: common(old), after: common(now) }]
    : elements;
}

/** A list without keys: only the elements that went or came. One that went and one that came at a place is a change. */
function compareInOrder(was: readonly Json[], is: readonly Json[], path: readonly string[]): Difference[] {
  const differences: Difference[] = [];
  let index = 0;
  let gone: Json[] = [];
  const drop = (rest: Json[], at: number) => {
    for (const [offset, before] of rest.entries()) differences.push({ path: [...path, `[${at + offset}]`], before });
  };
  for (const { added, removed, value } of diffArrays([...was], [...is], { comparator: isDeepStrictEqual })) {
    if (removed) {
      gone = value;
      continue;
    }
    if (added) {
      for (const [offset, after] of value.entries()) {
        const at = [...path, `[${index + offset}]`];
        const before = gone[offset];
        differences.push(...(before === undefined ? [{ path: at, after }] : compareValues(before, after, at)));
      }
      drop(gone.slice(value.length), index + value.length);
    } else drop(gone, index);
    gone = [];
    index += value.length;
  }
  drop(gone, index);
  return differences;
}

/** The elements by their key; undefined if they have none, or share one. */
function keyed(list: readonly Json[], field: string): Map<string, Json> | undefined {
  const keys = list.map((element) => keyOf(field, element));
  if (keys.some((key) => key === undefined) || new Set(keys).size < keys.length) return undefined;
  return new Map(list.map((element, index) => [keys[index]!, element]));
}

/** A path as people write it: `spec.template.spec.containers[loki].image`. */
export function pathText(path: readonly string[]): string {
  return path
    .map((key, index) => {
      if (key.startsWith("[") || key.startsWith("(")) return index > 0 && key.startsWith("(") ? ` ${key}` : key;
      if (!/^[\w-]+$/.test(key)) return `["${key}"]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** The lines in which two values differ, as `diff -u` writes them; a value that is not text as YAML. Pure. */
export function changedLines(before: Json | undefined, after: Json | undefined): string[] {
  const [was, is] = [asText(before), asText(after)];
  const patch = structuredPatch("", "", was, is, undefined, undefined, { context, maxEditLength });
  if (patch === undefined) return [...marked("-", was), ...marked("+", is)];
  return patch.hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : ["@@"]),
    ...lines.filter((line) => !line.startsWith("\\")),
  ]);
}

function marked(mark: string, text: string): string[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => mark + line);
}

/** Text with a line end: JSON inside of a text with its own lines, so that one value is one line. */
function asText(value: Json | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  const text = value.includes("\n") ? value : spread(value);
  return text.endsWith("\n") ? text : `${text}\n`;
}

function spread(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
