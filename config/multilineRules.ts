import type { SettingProblem } from "../domain/problem";
import { matchesAll } from "../domain/regularExpression";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses rules that would join nothing, join everything, or never apply. */
export const multilineRules: readonly Rule[] = [{ reads: ["alloy.multiline"], judge: rules }];

type MultilineRule = Settings["alloy"]["multiline"]["rules"][number];

function rules({ alloy: { multiline } }: Settings): SettingProblem[] {
  return multiline.rules.flatMap((rule, index): SettingProblem[] => {
    const key = `alloy.multiline.rules[${index}]`;
    const earlier = multiline.rules.slice(0, index).findIndex((other) => covers(other, rule));
    return [
      ...how(key, rule),
      ...(earlier >= 0
        ? [
            {
              key,
              problem: `never applies: rule ${earlier} fits each of its containers`,
              remedy: "write it before that one",
            },
          ]
        : []),
    ];
  });
}

function how(key: string, { firstLine, preset }: MultilineRule): SettingProblem[] {
  const remedy = "set one of preset and firstLine";
  if (preset === undefined && firstLine === undefined) return [{ key, problem: "does not say what to join", remedy }];
  if (preset !== undefined && firstLine !== undefined)
    return [{ key, problem: "has a preset and a firstLine", remedy: "leave one of them out" }];
  if (firstLine !== undefined && matchesAll(firstLine))
    return [
      {
        key: `${key}.firstLine`,
        problem: "matches the empty text, so it would match every line and join none",
        remedy: "write what each first line begins with",
      },
    ];
  return [];
}

/** Whether a rule fits every container that the other fits. */
function covers(rule: MultilineRule, other: MultilineRule): boolean {
  return (["namespace", "app", "container"] as const).every(
    (label) => rule[label] === undefined || rule[label] === other[label],
  );
}
