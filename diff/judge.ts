import { changedLines, compareThings, pathText, type Difference, type ThingDifference } from "./compare";
import { isObject, type Json } from "./json";
import { reader, shown } from "./mask";
import type { FieldReport, ObjectReport, Report } from "./report";
import { restartsIn } from "./restarts";
import { requestsOf, versionsIn } from "./sizes";
import type { MaskedThing } from "./thing";

/** Two sides of a comparison, without readable secrets. */
export interface Sides {
  before: readonly MaskedThing[];
  after: readonly MaskedThing[];
}

/** What is known besides the objects. */
export type Circumstances = Pick<Report, "stack" | "before" | "after" | "dangers" | "policies" | "notes">;

/** Kinds whose changes people must see first; the others follow in the order of the objects. */
const important = ["StatefulSet", "Deployment", "DaemonSet", "PersistentVolumeClaim", "Job", "Secret", "ConfigMap"];

/** Compares two sides. Pure. */
export function reportOf({ before, after }: Sides, circumstances: Circumstances): Report {
  const differences = compareThings(before, after);
  const chartLabels = countOf(differences, isChartLabel);
  const told = differences.map((difference) => without(difference, isChartLabel));
  const checksums = countOf(told, isChecksum);
  // A checksum that no shown difference explains is itself the news.
  const explained = told.some((difference) => !isNothing(without(difference, isChecksum)));
  const objects = (explained ? told.map((difference) => without(difference, isChecksum)) : told)
    .filter((difference) => !isNothing(difference))
    .map(objectReport)
    .sort((a, b) => rank(a) - rank(b));
  return {
    version: 1,
    ...circumstances,
    restarts: restartsIn(differences),
    requests: { before: requestsOf(before), after: requestsOf(after) },
    versions: versionsIn(before, after),
    objects,
    unchanged: after.length - objects.filter(({ change }) => change !== "removed").length,
    leftOut: { checksums: explained ? checksums : 0, chartLabels },
  };
}

type Test = (path: readonly string[]) => boolean;

const isChecksum: Test = (path) => path.at(-2) === "annotations" && path.at(-1)?.startsWith("checksum/") === true;
const chartLabel = new Set(["helm.sh/chart", "chart", "app.kubernetes.io/version"]);
const isChartLabel: Test = (path) => path.at(-2) === "labels" && chartLabel.has(path.at(-1) ?? "");

function countOf(differences: readonly ThingDifference[], test: Test): number {
  return differences.flatMap(({ fields }) => fields).filter(({ path }) => test(path)).length;
}

function without(difference: ThingDifference, test: Test): ThingDifference {
  return { ...difference, fields: difference.fields.filter(({ path }) => !test(path)) };
}

function isNothing({ before, after, fields }: ThingDifference): boolean {
  return before !== undefined && after !== undefined && fields.length === 0;
}

/** The place of an object among those that differ: what people must see comes first. */
export function rank({ kind, change }: ObjectReport): number {
  const place = important.indexOf(kind);
  return (change === "removed" ? 0 : 100) + (place < 0 ? important.length : place);
}

/** What people read of an object that differs. Pure. */
export function objectReport({ before, after, fields }: ThingDifference): ObjectReport {
  const { maker, kind, namespace, name } = (after ?? before)!;
  return {
    change: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    maker,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name: shown(name),
    fields:
      before === undefined || after === undefined
        ? [fieldReport({ path: [], before: before?.content, after: after?.content })]
        : fields.map(fieldReport),
  };
}

/** By value, but for what people read by its lines: long text or JSON, and an object that is new or gone. */
function fieldReport({ path, before, after }: Difference): FieldReport {
  const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  const [was, is] = [
    before === undefined ? undefined : shown(before),
    after === undefined ? undefined : shown(after, before),
  ];
  const identity = { path: shown(pathText(path)), change } as const;
  if (path.length === 0 || isLong(before) || isLong(after)) return { ...identity, lines: linesOf(before, after) };
  return { ...identity, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
}

function isLong(value: Json | undefined): boolean {
  if (typeof value === "string") return value.includes("\n") || (value.length > 80 && /^\s*[{[]/.test(value));
  return (isObject(value) || Array.isArray(value)) && JSON.stringify(value).length > 80;
}

/** Compared with their hashes, so that a line whose secret alone changed is among them. */
function linesOf(before: Json | undefined, after: Json | undefined): string[] {
  const [old, now] = [reader(), reader(before)];
  return changedLines(before, after).map((line) => (line.startsWith("+") ? now(line) : old(line)));
}
