import type { SettingProblem } from "../domain/problem";
import { matchesAll } from "../domain/regularExpression";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses rules for lines that would drop everything, or that contradict themselves. */
export const lineRules: readonly Rule[] = [{ reads: ["alloy.rules"], judge: rules }];

type LineRule = Settings["alloy"]["rules"][number];

function rules({ alloy: { rules: all } }: Settings): SettingProblem[] {
  return all.flatMap((rule, index): SettingProblem[] => {
    const key = `alloy.rules[${index}]`;
    const first = all.findIndex(({ name }) => name === rule.name);
    return [
      ...(first < index
        ? [{ key: `${key}.name`, problem: `is ${rule.name} again`, remedy: "give each rule a name of its own" }]
        : []),
      ...share(`${key}.percent`, rule),
      ...condition(key, rule),
    ];
  });
}

function share(key: string, { action, percent }: LineRule): SettingProblem[] {
  if (action === "sample" && percent === undefined)
    return [{ key, problem: "is not set", remedy: "action sample needs it" }];
  if (action !== "sample" && percent !== undefined)
    return [{ key, problem: `is set, but action ${action} does not use it`, remedy: "leave it out" }];
  return [];
}

function condition(key: string, { namespace, app, container, level, pattern }: LineRule): SettingProblem[] {
  if ([namespace, app, container, level, pattern].every((value) => value === undefined))
    return [
      { key, problem: "fits every line", remedy: "set at least one of namespace, app, container, level, pattern" },
    ];
  if (pattern !== undefined && matchesAll(pattern))
    return [
      {
        key: `${key}.pattern`,
        problem: "matches the empty text, so it would match every line",
        remedy: "write what must be there",
      },
    ];
  return [];
}
