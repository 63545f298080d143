import { z } from "zod";

import type { SettingMeta } from "./kinds";
import { settingsSchema, type Profile } from "./settings";

/** Plain data, as a stack file holds it. */
export type Plain = string | number | boolean | null | undefined | Plain[] | { [key: string]: Plain };

/** Every default of a profile, in the shape of the settings and with `profile`. Each call returns a new copy. */
export function defaultsFor(profile: Profile): { [key: string]: Plain } {
  return { profile, ...structuredClone(defaults[profile]) };
}

/** The defaults of a group. An optional group such as `minio.tier` has none. */
function defaultsIn(group: z.ZodObject, profile: Profile): { [key: string]: Plain } {
  return Object.fromEntries(
    Object.entries(group.shape).flatMap(([key, schema]): [string, Plain][] => {
      if (schema instanceof z.ZodObject) return [[key, defaultsIn(schema, profile)]];
      const setting = (schema instanceof z.ZodOptional ? schema.unwrap() : schema) as z.ZodType;
      const value = (setting.meta() as SettingMeta | undefined)?.[profile];
      return value === undefined ? [] : [[key, value as Plain]];
    }),
  );
}

const defaults = { dev: defaultsIn(settingsSchema, "dev"), prod: defaultsIn(settingsSchema, "prod") };
