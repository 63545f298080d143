/* oxlint-disable typescript/no-explicit-any --
   objects of every kind are edited as people edit them, without a type */
import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject } from "../../diff/json";

/** Lists that Kubernetes merges by keys, with the keys. It takes all others as one value. */
const keys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  env: ["name"],
  volumes: ["name"],
  ports: ["port", "protocol"],
};

/** Who writes an object, and what. */
export interface Edit {
  manager: string;
  /** Default: the main resource. */
  subresource?: string;
  /** Changes the object. */
  edit: (object: any) => void;
}

/**
 * Stands in for how an API server keeps an object that a maker wrote and others edited: with its defaults, and with
 * `managedFields` that say who wrote what. Whoever changes a value takes the field.
 */
export function kept(wanted: JsonObject, edits: readonly Edit[], maker = "pulumi-resource-kubernetes"): JsonObject {
  const live = structuredClone(wanted);
  const owners = new Map(leaves(live, "").map(([path]) => [path, maker]));
  const subresources = new Map<string, string | undefined>();
  for (const { manager, subresource, edit } of edits) {
    const before = new Map(leaves(live, ""));
    edit(live);
    const after = new Map(leaves(live, ""));
    for (const [path, value] of after) if (!isDeepStrictEqual(before.get(path), value)) owners.set(path, manager);
    for (const path of before.keys()) if (!after.has(path)) owners.delete(path);
    subresources.set(manager, subresource);
  }
  const managers = [...new Set([maker, ...owners.values()])];
  const managedFields = managers.map((manager, index) => ({
    manager,
    operation: "Update",
    time: `2026-11-26T0${index}:00:00Z`,
    ...(subresources.get(manager) === undefined ? {} : { subresource: subresources.get(manager)! }),
    fieldsV1: tree([...owners].filter(([, owner]) => owner === manager).map(([path]) => JSON.parse(path) as string[])),
  }));
  const metadata = isObject(live.metadata) ? live.metadata : {};
  return {
    ...live,
    metadata: { ...metadata, uid: "1", resourceVersion: "7", creationTimestamp: "2026-11-26T00:00:00Z", managedFields },
    status: { observedGeneration: 1 },
  };
}

/** Every value that has an owner of its own, by its path in `managedFields`. */
function leaves(value: Json, field: string, path: readonly string[] = []): [path: string, value: Json][] {
  const here: [string, Json] = [JSON.stringify(path), value];
  if (Array.isArray(value)) {
    const names = keys[field];
    if (names === undefined) return [here];
    return value.flatMap((element) => {
      const key = Object.fromEntries(names.map((name) => [name, (element as JsonObject)[name] ?? "TCP"]));
      const at = [...path, `k:${JSON.stringify(key)}`];
      return [[JSON.stringify([...at, "."]), true] as [string, Json], ...leaves(element, "", at)];
    });
  }
  if (!isObject(value) || Object.keys(value).length === 0) return [here];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, key, [...path, `f:${key}`]));
}

function tree(paths: readonly (readonly string[])[]): JsonObject {
  const root: JsonObject = {};
  for (const path of paths) {
    let place = root;
    for (const step of path) place = (place[step] ??= {}) as JsonObject;
  }
  return root;
}
