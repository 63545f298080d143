import { z } from "zod";

import type { SettingMeta } from "./kinds";
import { settingsSchema } from "./settings";

/** Keys from the top of the settings down to one setting or group. */
export type Path = readonly string[];

/** A path as `pulumi config set --path` takes it, without the namespace. */
export function formatPath(path: Path): string {
  return path.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** The schema at a path, without its `optional`; undefined where nothing is there. */
export function schemaAt(path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((schema, key) => below(schema, key), settingsSchema);
}

/** The settings and groups of a group, by key; none below anything else. */
export function childrenOf(path: Path): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Path of every setting, in the order of the schema. */
export function settingPaths(from: Path = []): Path[] {
  const children = childrenOf(from);
  return children.length === 0 ? [from] : children.flatMap((key) => settingPaths([...from, key]));
}

/** Meaning and example of a setting; undefined for a group. */
export function metaOf(schema: z.ZodType | undefined): SettingMeta | undefined {
  return schema?.meta() as SettingMeta | undefined;
}

function below(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return undefined;
  const child = schema.shape[key] as z.ZodType;
  return child instanceof z.ZodOptional ? (child.unwrap() as z.ZodType) : child;
}
