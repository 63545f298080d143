/**
 * Name of the annotation or label with which a pod or a namespace opts out of collection (`"false"`), or into it
 * (`"true"`).
 */
export const collectName = "logharbor.io/collect";

/** Where Alloy finds that choice. */
export interface Choice {
  from: "pod" | "namespace";
  kind: "annotation" | "label";
}

/** All places of a choice. `"false"` in any of them opts out, whatever the others say. */
export const choices: readonly Choice[] = [
  { from: "pod", kind: "annotation" },
  { from: "pod", kind: "label" },
  { from: "namespace", kind: "annotation" },
  { from: "namespace", kind: "label" },
];

/** The part of an object's metadata that can hold a choice. */
export type Marks = Partial<Record<"annotations" | "labels", Readonly<Record<string, string>>>>;

/** Where an object says this of its collection: `annotation`, `label`, or undefined for neither. Pure. */
export function marked(marks: Marks | undefined, value: "true" | "false"): Choice["kind"] | undefined {
  if (marks?.annotations?.[collectName] === value) return "annotation";
  return marks?.labels?.[collectName] === value ? "label" : undefined;
}
