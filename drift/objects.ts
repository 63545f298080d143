import { isObject, plainText, textAt, without, type Json, type JsonObject } from "../diff/json";
import { opened, Sealed, type Open } from "../diff/sealed";
import { ownerAnnotation } from "../render/ownership";
import type { Thing } from "../diff/thing";

/** An object as the API server gives it. */
export type LiveObject = JsonObject;

/** An object that was wanted, and the one that is there. */
export interface Pair {
  wanted: Thing;
  /** Undefined: it is gone. */
  live?: LiveObject;
}

/**
 * What a stack should have made in the cluster, as the API server knows it: without hooks, which Helm may remove, a
 * Secret's values in one field, and of what Pulumi calls a patch the object that it patches. Pure.
 */
export function wantedObjects(things: readonly Thing[]): Thing[] {
  return things
    .filter((thing) => thing.maker !== "MinIO" && !isHook(thing))
    .map((thing) => withData({ ...thing, kind: textAt(opened(thing.content), "kind") ?? thing.kind }));
}

function isHook({ content }: Thing): boolean {
  return textAt(opened(content), "metadata", "annotations", "helm.sh/hook") !== undefined;
}

/** Clients write `stringData`; the API server keeps `data`. */
function withData(thing: Thing): Thing {
  if (thing.kind !== "Secret") return thing;
  const content = thing.content as { [key: string]: Open };
  const { data, stringData } = opened(content) as JsonObject;
  const encoded = Object.entries(isObject(stringData) ? stringData : {}).map(([key, text]): [string, Json] => [
    key,
    Buffer.from(plainText(text)).toString("base64"),
  ]);
  const all = { ...(isObject(data) ? data : {}), ...Object.fromEntries(encoded) };
  return { ...thing, content: { ...without(content, "data", "stringData"), data: new Sealed(all) } };
}

/** Whether the object that is there is the one that a stack or its release made, and not another of the same name. */
export function isSameMaker({ wanted: { maker, content }, live }: Pair): boolean {
  if (maker.startsWith("release "))
    return annotationOf(live, "meta.helm.sh/release-name") === maker.slice("release ".length);
  return annotationOf(live, ownerAnnotation) === annotationOf(opened(content), ownerAnnotation);
}

function annotationOf(object: Json | undefined, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}
