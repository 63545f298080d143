/** Plain JSON. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** An object of plain JSON. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether a value is an object, and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object without some of its keys. */
export function without<T>(object: { [key: string]: T }, ...keys: readonly string[]): { [key: string]: T } {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** The value at a path, or undefined. */
export function jsonAt(node: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), node);
}

/** The object at a path; empty if there is none. */
export function objectAt(node: Json | undefined, ...path: string[]): JsonObject {
  const value = jsonAt(node, ...path);
  return isObject(value) ? value : {};
}

/** The list at a path; empty if there is none. */
export function listAt(node: Json | undefined, ...path: string[]): Json[] {
  const value = jsonAt(node, ...path);
  return Array.isArray(value) ? value : [];
}

/** A value as text: a text as it is, anything else as JSON. */
export function plainText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The text at a path; undefined if there is none. */
export function textAt(node: Json | undefined, ...path: string[]): string | undefined {
  const value = jsonAt(node, ...path);
  return typeof value === "string" ? value : undefined;
}
