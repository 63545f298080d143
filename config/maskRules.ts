import type { SettingProblem } from "../domain/problem";
import { faultOf, finds, groupNamesIn, matchesAll } from "../domain/regularExpression";
import { secretKindNames } from "../domain/secretKinds";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses patterns that would blank lines, or that could not be told apart. */
export const maskRules: readonly Rule[] = [{ reads: ["alloy.mask"], judge: patterns }];

/** Lines that have nothing in common and hold no secret. */
const ordinary = [
  'level=info msg="request served" status=200 duration=12ms',
  '{"level":"INFO","time":"2026-11-26T06:00:00Z","message":"started"}',
  "10.0.0.7 - - [26/Nov/2026:06:00:00 +0000] GET / 304",
  "\tat org.example.Main.run(Main.java:7)",
  "ok",
];

function patterns({ alloy: { mask } }: Settings): SettingProblem[] {
  const names = [...secretKindNames, ...mask.patterns.map(({ name }) => name)];
  return mask.patterns.flatMap(({ name, expression }, index): SettingProblem[] => {
    const place = `alloy.mask.patterns[${index}]`;
    const taken = names.indexOf(name) < secretKindNames.length + index;
    return [
      ...(taken
        ? [{ key: `${place}.name`, problem: `is ${name} again`, remedy: "give each pattern a name of its own" }]
        : []),
      ...expressionProblems(`${place}.expression`, expression),
    ];
  });
}

function expressionProblems(key: string, expression: string): SettingProblem[] {
  if (faultOf(expression) !== undefined) return [];
  if (matchesAll(expression)) {
    return [
      { key, problem: "matches the empty text, so it would match every line", remedy: "write what must be there" },
    ];
  }
  if (ordinary.every((line) => finds(expression, line))) {
    return [
      {
        key,
        problem: "matches every ordinary line, so it would blank all logs",
        remedy: "write what is around the secret",
      },
    ];
  }
  const named = groupNamesIn(expression);
  if (named.length > 0) {
    return [
      { key, problem: `names its group ${named[0]}, which means nothing here`, remedy: "write ( ) without a name" },
    ];
  }
  return [];
}
