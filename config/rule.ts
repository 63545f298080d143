import type { SettingProblem } from "../domain/problem";
import type { Settings } from "./settings";

/** A rule that spans settings: what it reads, and the problems that it finds there. */
export interface Rule {
  /** Settings and groups that it reads, such as `loki.limits`; it judges only where each is right by itself. */
  reads: readonly string[];
  judge: (settings: Settings) => SettingProblem[];
}

/**
 * The problems that no setting shows alone; none means that the config is usable.
 * @param wrong paths of the settings that are wrong by themselves, such as `loki.schema.0.from`
 */
export function brokenRules(rules: readonly Rule[], settings: Settings, wrong: readonly string[]): SettingProblem[] {
  const touches = (path: string, read: string) =>
    path === read || path.startsWith(`${read}.`) || read.startsWith(`${path}.`);
  return rules
    .filter(({ reads }) => !wrong.some((path) => reads.some((read) => touches(path, read))))
    .flatMap(({ judge }) => judge(settings));
}
