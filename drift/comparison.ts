import { isDeepStrictEqual } from "node:util";
import { keyed } from "../diff/compare";
import { isObject, objectAt, without, type Json, type JsonObject } from "../diff/json";
import { opened, Sealed, type Open } from "../diff/sealed";
import { Writers } from "./writers";

/** What a live object tells, held against what was wanted. */
export interface Comparison {
  /**
   * The object as it was wanted, but for what others changed, took away or added. What differs between the two is the
   * drift.
   */
  told: Open;
  /** The live object with its drift put right, and all else as it is. */
  right: Json;
}

/** The same of a value inside of an object; undefined: there is none. */
type Part = Partial<Comparison>;

/** Where in an object: the name of the field, and who wrote it. */
interface Place {
  field: string;
  writers: Writers;
}

/** Fields whose false and 0 the API server does not keep, because they mean the same as nothing. */
const notKept = new Set([
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "initialDelaySeconds",
  "minReadySeconds",
  "paused",
  "publishNotReadyAddresses",
  "readOnly",
  "stdin",
  "stdinOnce",
  "tty",
]);

/** Annotations that say who wrote an object, or that its pods restart once. They change nothing of what it is. */
const passing = ["kubectl.kubernetes.io/last-applied-configuration", "kubectl.kubernetes.io/restartedAt"];

/**
 * Holds a live object against what was wanted. Pure.
 *
 * A value that differs is drift only if none of our makers wrote it: the API server writes quantities in another form,
 * and webhooks change what we write while we write it. A field that was not wanted is drift only if somebody wrote it
 * who is no controller: the rest are defaults.
 */
export function comparison(wanted: Open, live: Json): Comparison {
  const marks = addedMarks(opened(wanted), live);
  const writers = Writers.of(live);
  const { told = null, right = null } = partOf(wanted, withoutMarks(live, marks), { field: "", writers });
  return { told, right: withMarks(right, marks) };
}

/** Labels and annotations, by the name of their field. */
type Marks = Readonly<Record<string, JsonObject>>;

/** Labels and annotations of the object itself that nobody wanted: whoever put them there keeps them. */
function addedMarks(wanted: Json, live: Json): Marks {
  const added = ["labels", "annotations"].map((field) => {
    const own = Object.keys(objectAt(wanted, "metadata", field));
    return [field, without(objectAt(live, "metadata", field), ...own)] as const;
  });
  return Object.fromEntries(added.filter(([, marks]) => Object.keys(marks).length > 0));
}

function withoutMarks(live: Json, marks: Marks): Json {
  if (!isObject(live)) return live;
  const metadata = objectAt(live, "metadata");
  const rest = Object.entries(marks).map(
    ([field, added]) => [field, without(objectAt(metadata, field), ...Object.keys(added))] as const,
  );
  const kept = rest.filter(([, own]) => Object.keys(own).length > 0);
  return { ...live, metadata: { ...without(metadata, ...Object.keys(marks)), ...Object.fromEntries(kept) } };
}

function withMarks(right: Json, marks: Marks): Json {
  if (!isObject(right)) return right;
  const metadata = objectAt(right, "metadata");
  const all = Object.entries(marks).map(
    ([field, added]) => [field, { ...objectAt(metadata, field), ...added }] as const,
  );
  return { ...right, metadata: { ...metadata, ...Object.fromEntries(all) } };
}

function partOf(wanted: Open | undefined, live: Json | undefined, place: Place): Part {
  if (wanted instanceof Sealed) {
    const clear = opened(wanted);
    const { told, right } = partOf(clear, live, place);
    if (told === undefined) return { right };
    return { told: isDeepStrictEqual(told, clear) ? wanted : new Sealed(opened(told)), right };
  }
  if (wanted === undefined || wanted === null) return addedPart(live, place);
  if (live === undefined || live === null)
    return isKeptAsNothing(wanted, place.field) ? { told: wanted } : { right: opened(wanted) };
  if (place.writers.isMakers) return { told: wanted, right: live };
  if (Array.isArray(wanted) && Array.isArray(live)) return listPart(wanted, live, place);
  if (isOpenObject(wanted) && isObject(live)) return objectPart(wanted, live, place);
  return wanted === live || place.writers.isControllers
    ? { told: wanted, right: live }
    : { told: live, right: opened(wanted) };
}

function objectPart(wanted: { [key: string]: Open }, live: { [key: string]: Json }, place: Place): Part {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(live)])].filter((key) => !isPassing(place, key));
  const parts = keys.map((key) => [key, partOf(wanted[key], live[key], fieldOf(place, key))] as const);
  return joined(parts, isPassingOf(place, live));
}

function listPart(wanted: readonly Open[], live: readonly Json[], { field, writers }: Place): Part {
  const [old, now] = [keyed(wanted.map(opened), field), keyed(live, field)];
  if (old === undefined || now === undefined) return unkeyedPart(wanted, live, { field, writers });
  const wantedKeys = [...old.keys()];
  const keys = [...wantedKeys, ...[...now.keys()].filter((key) => !old.has(key))];
  return joinedList(
    keys.map((key) => {
      const element = now.get(key);
      const at = { field, writers: element === undefined ? writers : writers.element(element) };
      return partOf(wanted[wantedKeys.indexOf(key)], element, at);
    }),
  );
}

/** A list without keys: an element that is one of those wanted stands for it. It is put right as a whole. */
function unkeyedPart(wanted: readonly Open[], live: readonly Json[], { field, writers }: Place): Part {
  const free = new Map(wanted.entries());
  const at = (element: Json) => ({ field, writers: writers.element(element) });
  const same = live.map((element) => {
    const found = [...free].find(([, one]) => isDeepStrictEqual(partOf(one, element, at(element)).told, one));
    if (found !== undefined) free.delete(found[0]);
    return found?.[1];
  });
  const told = live.flatMap((element, index) => {
    const one = same[index];
    if (one !== undefined) return [one];
    // One that differs at the place of one that is missing is that one.
    const missing = free.get(index);
    free.delete(index);
    return partOf(missing, element, at(element)).told ?? [];
  });
  return { told, right: isDeepStrictEqual(told, wanted) ? [...live] : wanted.map(opened) };
}

/** What is at a place where nothing was wanted: others may have added it, or a part of it. */
function addedPart(live: Json | undefined, place: Place): Part {
  if (live === undefined || live === null) return {};
  const { field, writers } = place;
  if (!writers.hasOthers) return { right: live };
  if (writers.isOthers) return { told: live };
  if (Array.isArray(live))
    return joinedList(
      live.map((one) => addedPart(one, { field, writers: writers.element(one) })),
      true,
    );
  if (!isObject(live)) return { right: live };
  const keys = Object.keys(live).filter((key) => !isPassing(place, key));
  const parts = keys.map((key) => [key, addedPart(live[key], fieldOf(place, key))] as const);
  const { told, right } = joined(parts, isPassingOf(place, live));
  return { told: isObject(told) && Object.keys(told).length === 0 ? undefined : told, right };
}

function fieldOf({ writers }: Place, field: string): Place {
  return { field, writers: writers.field(field) };
}

function isPassing({ field }: Place, key: string): boolean {
  return field === "annotations" && passing.includes(key);
}

/** What of an object is left alone. */
function isPassingOf(place: Place, live: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(live).filter(([key]) => isPassing(place, key)));
}

function joined(parts: readonly (readonly [string, Part])[], alone: { [key: string]: Json }): Part {
  const of = (side: "told" | "right") =>
    Object.fromEntries(parts.flatMap(([key, part]) => (part[side] === undefined ? [] : [[key, part[side]]])));
  return { told: of("told"), right: { ...(of("right") as { [key: string]: Json }), ...alone } };
}

function joinedList(parts: readonly Part[], added = false): Part {
  const told = parts.flatMap((part) => (part.told === undefined ? [] : [part.told]));
  const right = parts.flatMap((part) => (part.right === undefined ? [] : [part.right]));
  return { told: added && told.length === 0 ? undefined : told, right };
}

/** Whether the API server keeps a value by keeping nothing. */
function isKeptAsNothing(wanted: Open, field: string): boolean {
  if (wanted === null || wanted === "") return true;
  if (wanted === false || wanted === 0) return notKept.has(field);
  if (Array.isArray(wanted)) return wanted.length === 0;
  if (!isOpenObject(wanted)) return false;
  return Object.entries(wanted).every(([key, value]) => isKeptAsNothing(value, key));
}

function isOpenObject(value: Open): value is { [key: string]: Open } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Sealed);
}
