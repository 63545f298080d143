import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses a change of credentials that has no previous generation. */
export const rotationRules: readonly Rule[] = [{ reads: ["rotation"], judge: unfinished }];

function unfinished({ rotation }: Settings): SettingProblem[] {
  return rotation.unfinished
    .filter((credential) => rotation[credential] === 1)
    .map((credential) => ({
      key: "rotation.unfinished",
      problem: `holds ${credential}, whose generation is 1: there is none before it`,
      remedy: "leave rotation to `npm run rotate`, or remove the name",
    }));
}
