import { z } from "zod";

import { defaultsFor, type Plain } from "./defaults";
import type { SettingProblem } from "../domain/problem";
import { ConfigError } from "./configError";
import { problemsOf } from "./issues";
import { schemaAt, type Path } from "./paths";
import { brokenRules } from "./rule";
import { rules } from "./rules";
import { settingsSchema, type Settings } from "./settings";

const namespace = "logharbor:";

/** Config of a stack, by full key such as `logharbor:profile`. A value is text, or JSON if the setting is not text. */
export type StackConfig = Readonly<Record<string, string>>;

/** How a stack's config names its cluster. */
export interface ClusterAccess {
  /**
   * `kubernetes:kubeconfig`: a path, or the content of a kubeconfig. Default: $KUBECONFIG, else ~/.kube/config, else
   * the pod's service account.
   */
  kubeconfig?: string;
  /** `kubernetes:context`. Default: the kubeconfig's current context. */
  context?: string;
}

/** The cluster that a stack's config names. */
export function clusterIn(config: StackConfig): ClusterAccess {
  return { kubeconfig: config["kubernetes:kubeconfig"], context: config["kubernetes:context"] };
}

/**
 * The settings in a stack's config, with the defaults of their profile.
 * @throws ConfigError with every problem. A rule between settings is checked only if each of them is valid.
 */
export function settingsIn(config: StackConfig): Settings {
  const own = Object.entries(config).filter(([key]) => key.startsWith(namespace));
  return parseSettings(Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value])));
}

/** The same as {@link settingsIn}, for keys without `logharbor:`. */
export function parseSettings(values: Readonly<Record<string, string>>): Settings {
  const defaults = { ...defaultsFor(values.profile === "prod" ? "prod" : "dev"), profile: undefined };
  const given = Object.fromEntries(Object.entries(values).map(([name, raw]) => [name, decode(name, raw)]));
  const merged = merge(defaults, given);

  const parsed = settingsSchema.safeParse(merged, { reportInput: true });
  const issues = parsed.error?.issues ?? [];
  const wrong = issues.filter(({ code }) => code !== "unrecognized_keys").map(({ path }) => path.join("."));
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, defaults)),
    ...brokenRules(rules, merged as unknown as Settings, wrong),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(distinct(problems));
  return parsed.data;
}

/** Decodes a raw value. Settings of type text stay unchanged; everything else is JSON. */
function decode(name: string, raw: string): Plain {
  const schema = schemaAt([name]);
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return raw;
  try {
    return JSON.parse(raw) as Plain;
  } catch {
    return raw;
  }
}

/**
 * Merges groups of settings key by key. Any other value replaces the default, and null removes it. A map that is one
 * setting, such as further values of a chart, is taken whole, with its nulls.
 */
function merge(base: Plain, over: Plain, path: Path = []): Plain {
  if (!isObject(base) || !isObject(over) || schemaAt(path) instanceof z.ZodRecord) return over;
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) result.delete(key);
    else result.set(key, merge(result.get(key), value, [...path, key]));
  }
  // Unlike an assignment, this keeps a key named __proto__, so the schema refuses it like any unknown key.
  return Object.fromEntries(result);
}

function isObject(value: Plain): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Drops a problem that an earlier check has already reported. */
function distinct(problems: SettingProblem[]): SettingProblem[] {
  return problems.filter(
    (one, index) => problems.findIndex(({ key, problem }) => key === one.key && problem === one.problem) === index,
  );
}
