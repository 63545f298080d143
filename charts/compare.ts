import type { Facts } from "./facts";

/** One fact of a rendering that differs from what we rely on. */
export interface Difference {
  fact: string;
  /** What the test double or the program relies on; undefined: it relies on its absence. */
  expected?: string;
  /** What the upstream chart renders; undefined: nothing. */
  found?: string;
}

/** The facts in which two renderings differ, sorted by name. */
export function differences(expected: Facts, found: Facts): Difference[] {
  const names = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return names
    .filter((name) => expected.get(name) !== found.get(name))
    .filter((name) => !isBelowMissing(name, expected, found))
    .map((fact) => ({ fact, expected: expected.get(fact), found: found.get(fact) }));
}

/** If one side lacks a whole object, listing its facts adds nothing. */
function isBelowMissing(name: string, expected: Facts, found: Facts): boolean {
  const [subject, what] = name.split(": ", 2);
  return what !== undefined && expected.has(subject ?? "") !== found.has(subject ?? "");
}

/** Shortens a long text to one line that begins shortly before the first difference from the other text. */
export function excerpt(value: string | undefined, other: string | undefined, width: number): string {
  if (value === undefined) return "-";
  let start = 0;
  if (other !== undefined) while (start < value.length && value[start] === other[start]) start++;
  const from = value.length <= width ? 0 : Math.max(0, Math.min(start - 10, value.length - width));
  const line = value.slice(from, from + width).replace(/\s+/g, " ");
  return `${from > 0 ? "…" : ""}${line}${from + width < value.length ? "…" : ""}`;
}
