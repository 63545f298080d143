import { isDeepStrictEqual } from "node:util";

import { diffArrays, structuredPatch } from "diff";

import type { Json } from "../support/recorder";

type Group = { [key: string]: Json };

/** What differs between two stacks, by the names of their resources: added, removed, or changed and where. */
export function differences(was: Group, is: Group): Group {
  return below(was, is, (one, other): Json => {
    if (one === undefined) return { added: other! };
    return other === undefined ? { removed: true } : { changed: change(one, other) };
  });
}

/** A tree of the paths that differ; a long text by its lines, a list of another length by its elements. */
function change(was: Json | undefined, is: Json | undefined): Json {
  if (isGroup(was) && isGroup(is)) return below(was, is, change);
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length === is.length) return below(byIndex(was), byIndex(is), change);
    const parts = diffArrays(was, is, { comparator: isDeepStrictEqual });
    const only = (side: "added" | "removed") => parts.flatMap((part) => (part[side] ? part.value : []));
    return leaf(...[only("removed"), only("added")].map((list) => (list.length === 0 ? undefined : list)));
  }
  if (isLong(was) && isLong(is)) return lines(was, is);
  return leaf(was, is);
}

/** The keys of two groups whose values differ, each with what is shown of it. */
function below(was: Group, is: Group, show: (was: Json | undefined, is: Json | undefined) => Json): Group {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return Object.fromEntries(
    keys
      .filter((key) => !isDeepStrictEqual(was[key], is[key]))
      .map((key): [string, Json] => [key, show(was[key], is[key])]),
  );
}

function byIndex(list: Json[]): Group {
  return Object.fromEntries(Object.entries(list));
}

function leaf(was?: Json, is?: Json): Json {
  return { ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }) };
}

/** A unified diff, without line numbers: those would change with every line above. */
function lines(was: string, is: string): string {
  const { hunks } = structuredPatch("", "", `${was}\n`, `${is}\n`, undefined, undefined, { context: 2 });
  return hunks.map((hunk) => ["@@", ...hunk.lines, ""].join("\n")).join("");
}

function isLong(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("\n");
}

function isGroup(value: Json | undefined): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
