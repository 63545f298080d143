import { compareThings, type Difference, type ThingDifference } from "../diff/compare";
import { isObject, type Json } from "../diff/json";
import { objectReport, rank } from "../diff/judge";
import { keyOf } from "../diff/mergeKeys";
import { shown, type Mask } from "../diff/mask";
import { thingKey, type Thing } from "../diff/thing";
import { comparison } from "./comparison";
import type { Pair } from "./objects";
import { remediesFor } from "./remedies";
import type { DriftedObject, DriftReport } from "./report";
import { newest, roleOf, Writers, type Writer } from "./writers";

/** What was looked at. */
export interface Found {
  stack: string;
  /** Objects in the cluster. */
  pairs: readonly Pair[];
  /** What is not in the cluster, as it was wanted and as it is: objects in MinIO, releases. */
  wanted: readonly Thing[];
  there: readonly Thing[];
  /** What could not be looked at. */
  unseen: readonly string[];
}

/** What a pair tells: the object as it is, as far as it drifted. Undefined: it is gone. Pure. */
export function toldOf({ wanted, live }: Pair): Thing | undefined {
  return live === undefined ? undefined : { ...wanted, content: comparison(wanted.content, live).told };
}

/** Compares what was deployed with what is there. Pure, but for what the mask learns. */
export function driftReport({ stack, pairs, wanted, there, unseen }: Found, mask: Mask): DriftReport {
  const before = [...pairs.map((pair) => pair.wanted), ...wanted];
  const after = [...pairs.flatMap((pair) => toldOf(pair) ?? []), ...there];
  mask.learn(before);
  mask.learn(after);
  const live = new Map(pairs.map((pair) => [thingKey(pair.wanted), pair.live]));
  const objects = compareThings(
    before.map((thing) => mask.thing(thing)),
    after.map((thing) => mask.thing(thing)),
  )
    .map((difference) => driftedObject(stack, difference, live.get(thingKey((difference.before ?? difference.after)!))))
    .sort((a, b) => rank(a) - rank(b));
  return {
    version: 1,
    stack,
    objects,
    unchanged: before.length - objects.filter(({ change }) => change !== "added").length,
    unseen: unseen.map((what) => shown(mask.text(what))),
  };
}

function driftedObject(stack: string, difference: ThingDifference, live: Json | undefined): DriftedObject {
  const { before, after, fields } = difference;
  const report = objectReport(difference);
  return {
    ...report,
    fields: report.fields.map((field, index) => ({ ...field, ...whoWrote(live, fields[index]) })),
    remedies: remediesFor(stack, (before ?? after)!, { isGone: after === undefined, fields }),
  };
}

function whoWrote(live: Json | undefined, field: Difference | undefined): { by?: string; at?: string } {
  const writer = live === undefined || field === undefined ? undefined : writerAt(live, field.path);
  if (writer === undefined) return {};
  return { by: writer.name, ...(writer.time === undefined ? {} : { at: writer.time }) };
}

/** Who wrote the field at a path last. Undefined if the field is gone: nobody has it then. Pure. */
export function writerAt(live: Json, path: readonly string[]): Writer | undefined {
  let [place, writers]: [Json | undefined, Writers] = [live, Writers.of(live)];
  for (const [index, step] of path.entries()) {
    if (step.startsWith("(")) break;
    if (Array.isArray(place)) {
      const element: Json | undefined = elementAt(place, path[index - 1] ?? "", step.slice(1, -1));
      [place, writers] = [element, element === undefined ? writers : writers.element(element)];
    } else [place, writers] = [isObject(place) ? place[step] : undefined, writers.field(step)];
    if (place === undefined) return undefined;
  }
  return newest(writers.all.filter(({ name }) => roleOf(name) === "other"));
}

function elementAt(list: readonly Json[], field: string, key: string): Json | undefined {
  return list.find((element) => keyOf(field, element) === key) ?? list[Number(key)];
}
