import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";

import type { SettingProblem } from "../domain/problem";
import { durationPattern } from "../domain/duration";

/* Rules from files, in the format of Prometheus. */

const duration = z.string().regex(durationPattern, { error: "must be a duration such as 30s, 5m or 1h30m" });
const texts = z.record(z.string(), z.string({ error: "must be a text; put it in quotes" }));

const fileRule = z
  .strictObject({
    alert: z.string().min(1).optional(),
    record: z.string().min(1).optional(),
    expr: z.string({ error: "must be a LogQL query" }).min(1),
    for: duration.optional(),
    keep_firing_for: duration.optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
  })
  .refine(({ alert, record }) => (alert === undefined) !== (record === undefined), {
    error: "must have either alert or record",
  });

const group = z.strictObject({
  name: z.string({ error: "must be a text" }).min(1),
  interval: duration.optional(),
  limit: z.int().min(0).optional(),
  rules: z.array(fileRule, { error: "must be a list of rules" }),
});

const ruleFile = z.strictObject({ groups: z.array(group, { error: "must be a list of groups" }) });

/** A rule as Prometheus and Loki write it: an alert, or a series to record. */
export type FileRule = z.output<typeof fileRule>;
/** Rules that are evaluated one after another, at the same time. */
export type RuleGroup = z.output<typeof group>;

/** What a file holds: its groups, or what is wrong with it. */
export interface RuleFile {
  path: string;
  groups: RuleGroup[];
  problems: Pick<SettingProblem, "problem" | "remedy">[];
}

/** Reads a file of rules. A relative path starts in the current folder. */
export function readRuleFile(path: string): RuleFile {
  try {
    return parseRuleFile(path, readFileSync(resolve(path), "utf8"));
  } catch (error) {
    const problem = `can't be read (${(error as Error).message})`;
    return { path, groups: [], problems: [{ problem, remedy: "check the path and its rights" }] };
  }
}

/** Parses the text of a file of rules. Pure. */
export function parseRuleFile(path: string, text: string): RuleFile {
  const document = parseDocument(text);
  const remedy = "write it as Prometheus' rule files, for example groups: [{name: shop, rules: [{alert: …, expr: …}]}]";
  const [wrong] = document.errors;
  if (wrong !== undefined)
    return { path, groups: [], problems: [{ problem: `is not YAML: ${wrong.message.split("\n")[0]}`, remedy }] };
  const parsed = ruleFile.safeParse(document.toJS(), { reportInput: false });
  if (parsed.success) return { path, groups: parsed.data.groups, problems: [] };
  return {
    path,
    groups: [],
    problems: parsed.error.issues.map(({ path: place, message }) => ({
      problem: `is wrong at ${place.length === 0 ? "its top" : place.join(".")}: ${message}`,
      remedy,
    })),
  };
}
