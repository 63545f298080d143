import assert from "node:assert/strict";

/** The value at a path of nested plain data; undefined if it is missing. */
export function at(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
}

/** The text at a path of nested plain data; fails if the value is not text. */
export function textAt(tree: unknown, ...path: readonly string[]): string {
  const text = at(tree, ...path);
  assert.ok(typeof text === "string", `${path.join(".")} is ${typeof text}`);
  return text;
}
