import { partNames, type Part } from "../domain/parts";
import type { SettingProblem } from "../domain/problem";
import type { Toleration } from "./podSettings";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses what Kubernetes would refuse only when the pods are made, and names that the platform itself needs. */
export const podRules: readonly Rule[] = partNames.flatMap((part): Rule[] => [
  { reads: [`${part}.tolerations`], judge: (settings) => tolerations(part, settings) },
  { reads: [`${part}.podLabels`], judge: (settings) => podLabels(part, settings) },
  { reads: [`${part}.podAnnotations`], judge: (settings) => podAnnotations(part, settings) },
]);

function tolerations(part: Part, settings: Settings): SettingProblem[] {
  return settings[part].tolerations.flatMap((toleration, index) => {
    const fault = faultOf(toleration);
    return fault === undefined ? [] : [{ key: `${part}.tolerations[${index}]`, ...fault }];
  });
}

function faultOf({
  effect,
  key,
  operator,
  tolerationSeconds,
  value,
}: Toleration): Omit<SettingProblem, "key"> | undefined {
  if (key === undefined && operator !== "Exists")
    return { problem: "names no key", remedy: "name the taint's key, or write operator: Exists for every taint" };
  if (operator === "Exists" && value !== undefined)
    return { problem: "has operator Exists and a value", remedy: "leave out the value, or write operator: Equal" };
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    return { problem: "has tolerationSeconds, which only effect NoExecute may have", remedy: "leave them out" };
  return undefined;
}

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
