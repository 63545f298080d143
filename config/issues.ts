import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

import type { Plain } from "./defaults";
import { partNames } from "../domain/parts";
import type { SettingProblem } from "../domain/problem";
import { childrenOf, formatPath, metaOf, schemaAt, settingPaths, type Path } from "./paths";

/**
 * An issue of the schema as problems, in words for people.
 * @param issue an issue from a parse with `reportInput`
 * @param defaults the defaults of the profile, which the remedies name
 */
export function problemsOf(issue: z.core.$ZodIssue, defaults: Plain): SettingProblem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      key: formatPath([...path, key]),
      problem: "is not a known setting",
      remedy: remedyOfUnknown(path, key),
    }));
  }
  const key = formatPath(path);
  if (issue.input === undefined) return [missing(key, path, defaults)];
  const problem =
    issue.code === "invalid_type" && issue.expected === "object" ? "must be a group of settings" : issue.message;
  return [{ key, problem, remedy: remedyOfValue(path, issue.input) }];
}

function missing(key: string, path: Path, defaults: Plain): SettingProblem {
  const value = valueAt(path, defaults);
  if (value === undefined) return { key, problem: "is not set", remedy: remedyOfValue(path, undefined) };
  const shown = typeof value === "object" ? "its defaults" : `its default of ${value}`;
  return { key, problem: "is null, but needs a value", remedy: `leave it out for ${shown}` };
}

function remedyOfUnknown(group: Path, key: string): string {
  const nested = [...group, ...key.split(".")];
  if (key.includes(".") && schemaAt(nested) !== undefined) {
    return `nest it: pulumi config set --path logharbor:${formatPath(nested)} <value>`;
  }
  const known = childrenOf(group);
  const near = closest(key, known);
  const far = distance(key.toLowerCase(), near.toLowerCase());
  if (far <= Math.max(2, key.length / 3) && far < key.length) return `did you mean ${formatPath([...group, near])}?`;
  // What is meant for one part is not meant for another.
  const isOfOther = ([top]: Path) => [top, group[0]].every((name) => isPart(name)) && top !== group[0];
  const elsewhere = settingPaths().filter((path) => path.at(-1) === key && !isOfOther(path));
  if (elsewhere.length === 1) return `did you mean ${elsewhere.map(formatPath).join()}?`;
  return `settings here are ${known.join(", ")}`;
}

function isPart(name: string | undefined): boolean {
  return partNames.some((part) => part === name);
}

function remedyOfValue(path: Path, input: unknown): string {
  const schema = schemaAt(path);
  if (schema instanceof z.ZodObject) return `write its settings below it: ${childrenOf(path).join(", ")}`;
  // Without quotes, YAML reads 3.10 as a number.
  if (typeof input === "number" && schema?.safeParse(String(input)).success === true)
    return `put it in quotes: "${input}"`;
  return `write for example ${metaOf(schema)?.example}`;
}

/** The default at a path. Elements of a list have none, because a list in a stack file replaces the whole default. */
function valueAt(path: Path, from: Plain): Plain {
  return path.reduce<Plain>(
    (value, key) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined),
    from,
  );
}
