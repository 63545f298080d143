import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { defaultsFor, type Plain } from "./defaults";
import { ConfigError, type Fault } from "./fault";
import { faultsOf } from "./issues";
import { schemaAt } from "./paths";
import { brokenRules, Unjudged } from "./rules";
import { settingsSchema, type Settings } from "./settings";

const namespace = "logharbor";

/**
 * The stack's settings: the config in force under the CLI, an inline program or mocks, over the defaults of its
 * profile. Throws a ConfigError that lists every fault, before any resource is registered.
 */
export function readSettings(): Settings {
  const config = new pulumi.Config(namespace);
  const values: Record<string, string> = {};
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    if (!key.startsWith(`${namespace}:`)) continue;
    const name = key.slice(namespace.length + 1);
    // `get` warns where a value was stored as a secret: no setting is one.
    const value = config.get(name);
    if (value !== undefined) values[name] = value;
  }
  return parseSettings(values);
}

/**
 * Settings from raw config values by name without namespace: text, or JSON where the setting is not text.
 * Throws a ConfigError that lists every fault; how settings fit together is judged where each is right by itself.
 */
export function parseSettings(values: Record<string, string>): Settings {
  const defaults = { ...defaultsFor(values.profile === "prod" ? "prod" : "dev"), profile: undefined };
  const given = Object.fromEntries(Object.entries(values).map(([name, raw]) => [name, decode(name, raw)]));
  const merged = merge(defaults, given);

  const parsed = settingsSchema.safeParse(merged, { reportInput: true });
  const issues = parsed.error?.issues ?? [];
  const faults = [...issues.flatMap((issue) => faultsOf(issue, defaults)), ...brokenRules(withHoles(merged, issues))];
  if (!parsed.success || faults.length > 0) throw new ConfigError(distinct(faults));
  return parsed.data;
}

/** The settings as far as they are right: without what is no setting, and reading a faulty one throws `Unjudged`. */
function withHoles(settings: Plain, issues: z.core.$ZodIssue[]): Settings {
  const copy = structuredClone(settings);
  const at = (path: PropertyKey[]) =>
    path.reduce<Plain>((group, key) => (group as { [key: string]: Plain })[String(key)], copy) as object;
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") issue.keys.forEach((key) => Reflect.deleteProperty(at(issue.path), key));
    else Object.defineProperty(at(issue.path.slice(0, -1)), issue.path.at(-1)!, { get: unjudged, configurable: true });
  }
  return copy as unknown as Settings;
}

function unjudged(): never {
  throw new Unjudged();
}

/** A raw value: settings of type text stay as they are, everything else is JSON. */
function decode(name: string, raw: string): Plain {
  const schema = schemaAt([name]);
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return raw;
  try {
    return JSON.parse(raw) as Plain;
  } catch {
    return raw;
  }
}

/** Objects merge key by key, everything else replaces; null takes a default away. */
function merge(base: Plain, over: Plain): Plain {
  if (!isObject(base) || !isObject(over)) return over;
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) result.delete(key);
    else result.set(key, merge(result.get(key), value));
  }
  // Unlike an assignment this keeps a key named __proto__, which is then refused like any other.
  return Object.fromEntries(result);
}

function isObject(value: Plain): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One fault where several checks say the same of a setting. */
function distinct(faults: Fault[]): Fault[] {
  return faults.filter(
    (fault, index) => faults.findIndex(({ key, problem }) => key === fault.key && problem === fault.problem) === index,
  );
}
