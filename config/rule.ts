import type { SettingProblem } from "../domain/problem";
import type { Settings } from "./settings";

/** A rule between settings. */
export interface Rule {
  /** Settings and groups that the rule reads, such as `loki.limits`. It runs only if each of them is valid. */
  reads: readonly string[];
  /** Returns the problems that the rule finds; empty if it finds none. */
  judge: (settings: Settings) => SettingProblem[];
}

/**
 * The problems between settings. If there are none, the config can be used.
 * @param wrong paths of settings that are invalid, such as `loki.schema.0.from`
 */
export function brokenRules(rules: readonly Rule[], settings: Settings, wrong: readonly string[]): SettingProblem[] {
  const touches = (path: string, read: string) =>
    path === read || path.startsWith(`${read}.`) || read.startsWith(`${path}.`);
  return rules
    .filter(({ reads }) => !wrong.some((path) => reads.some((read) => touches(path, read))))
    .flatMap(({ judge }) => judge(settings));
}
