import { z } from "zod";

import type { SettingMeta } from "./kinds";
import { settingsSchema } from "./settings";

/** Keys from the top of the settings down to one setting or group. */
export type Path = readonly string[];

/** A path in the form of `pulumi config set --path`, without `logharbor:`. */
export function formatPath(path: Path): string {
  return path.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** The schema at a path, without its `optional`. Undefined if the path does not exist. */
export function schemaAt(path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((schema, key) => below(schema, key), settingsSchema);
}

/** Keys of the settings and groups in a group. Empty for anything else. */
export function childrenOf(path: Path): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Paths of all settings below `from`, in the order of the schema. Default: all settings. */
export function settingPaths(from: Path = []): Path[] {
  const children = childrenOf(from);
  return children.length === 0 ? [from] : children.flatMap((key) => settingPaths([...from, key]));
}

/** Meaning, example and defaults of a setting. Undefined for a group. */
export function metaOf(schema: z.ZodType | undefined): SettingMeta | undefined {
  return schema?.meta() as SettingMeta | undefined;
}

function below(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  // A text below labels is described by the labels.
  if (schema instanceof z.ZodRecord) return schema;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return undefined;
  let child = schema.shape[key] as z.ZodType;
  // A field that is optional itself is so twice in a group of which every field is.
  while (child instanceof z.ZodOptional) child = child.unwrap() as z.ZodType;
  return child;
}
