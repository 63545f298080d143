import { partNames, type Part } from "../domain/parts";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses names that the platform itself needs. */
export const podRules: readonly Rule[] = partNames.flatMap((part): Rule[] => [
  { reads: [`${part}.podLabels`], judge: (settings) => podLabels(part, settings) },
  { reads: [`${part}.podAnnotations`], judge: (settings) => podAnnotations(part, settings) },
]);

/** Labels by which the charts' and the stack's own objects select pods. */
const selecting = /^(app|release|name)$|^app\.kubernetes\.io\/|^logharbor\.io\//;

function podLabels(part: Part, settings: Settings): SettingProblem[] {
  return Object.keys(settings[part].podLabels)
    .filter((name) => selecting.test(name))
    .map((name) => ({
      key: `${part}.podLabels`,
      problem: `names ${name}, by which the platform finds its own pods`,
      remedy: "choose another name",
    }));
}

/** Annotations that restart pods or tell what they read. */
const deciding = /^logharbor\.io\/|^checksum\//;

function podAnnotations(part: Part, settings: Settings): SettingProblem[] {
  return Object.keys(settings[part].podAnnotations)
    .filter((name) => deciding.test(name))
    .map((name) => ({
      key: `${part}.podAnnotations`,
      problem: `names ${name}, which the platform sets`,
      remedy: "choose another name",
    }));
}
