import type { Rule } from "./rule";

/** What a line has already, as a label or in its structured metadata. */
const taken = ["namespace", "app", "container", "node", "pod", "stream", "rule", "log", "multiline", "detected_level"];

/** Refuses fields that would take the place of something else. */
export const fieldRules: readonly Rule[] = [
  {
    reads: ["alloy.fields"],
    judge: ({ alloy: { fields } }) =>
      fields.flatMap((name, index) => {
        const key = `alloy.fields[${index}]`;
        if (taken.includes(name))
          return [{ key, problem: `is ${name}, which each line has already`, remedy: "leave it out" }];
        if (fields.indexOf(name) < index) return [{ key, problem: `is ${name} again`, remedy: "name each field once" }];
        return [];
      }),
  },
];
