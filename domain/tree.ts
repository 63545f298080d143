/** Every plain value below `node`, with its path. Items of a list have their index as key. */
export function* leaves(
  node: unknown,
  path: readonly string[] = [],
): Generator<{ path: readonly string[]; value: unknown }> {
  if (typeof node !== "object" || node === null) yield { path, value: node };
  else for (const [key, value] of Object.entries(node)) yield* leaves(value, [...path, key]);
}

/** Whether a value is a map: neither a list nor null, nor of a class. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
