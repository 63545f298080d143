import assert from "node:assert/strict";

/** Nested groups without leaves, to walk through data of any shape. */
export type Tree = { [key: string]: Tree };

/** The value at a path of nested plain data; undefined if it is missing. */
export function at(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
}

/** The text at a path of nested plain data; fails where there is no text. */
export function textAt(tree: unknown, ...path: readonly string[]): string {
  const text = at(tree, ...path);
  assert.ok(typeof text === "string", `${path.join(".")} is ${typeof text}`);
  return text;
}

/** Plain data with other data over it, as Helm merges values and the reader settings: groups by key, all else whole. */
export function merged(base: unknown, over: unknown): unknown {
  if (!isGroup(base) || !isGroup(over)) return over;
  const below = Object.entries(over).map(([key, value]) => [key, merged(base[key], value)] as const);
  return { ...base, ...Object.fromEntries(below) };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
