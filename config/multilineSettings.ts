import { z } from "zod";

import { tracePresetNames } from "../domain/tracePresets";
import { containers } from "./containerSettings";
import { choice, flag, list, regularExpression, whole } from "./kinds";

/** Which lines are joined to one entry. */
export const multiline = z.strictObject({
  annotation: flag({
    both: false,
    about: "Let a pod choose a preset itself, by its annotation `logharbor.io/multiline`, such as `java`.",
  }),
  rules: list(
    z.strictObject({
      ...containers,
      preset: choice(tracePresetNames, { about: "Language of the stack traces." }).optional(),
      firstLine: regularExpression({
        about: "Or what the first line of each entry looks like.",
        example: String.raw`^\d{4}-\d{2}-\d{2} `,
      }).optional(),
    }),
    "rules, each with preset or firstLine",
    { both: [], about: "Containers whose lines are joined; the first rule that fits counts.", example: [] },
  ),
  maxLines: whole({
    min: 2,
    max: 10_000,
    both: 500,
    about: "Most lines of an entry; the rest of a longer one becomes further entries.",
  }),
  maxWaitSeconds: whole({
    min: 1,
    max: 60,
    both: 3,
    about: "Seconds without a further line after which an entry is complete.",
  }),
});
