import { z } from "zod";

import { levelNames } from "../domain/levels";
import { containers } from "./containerSettings";
import { choice, dnsLabel, list, regularExpression, whole } from "./kinds";

/** What Alloy keeps, drops or thins out. */
export const rules = list(
  z.strictObject({
    name: dnsLabel({ about: "Name of the rule, by which Alloy counts what it drops.", example: "no-debug" }),
    action: choice(["drop", "sample", "keep"], {
      about: "Drop the lines, store a share of them, or store all of them whatever later rules say.",
    }),
    percent: whole({ min: 1, max: 99, about: "Share that is stored, for action sample.", example: 10 }).optional(),
    ...containers,
    level: choice(levelNames, { about: "Level that the line states; unset: any." }).optional(),
    pattern: regularExpression({
      about: "What the line has in it; unset: anything.",
      example: "GET /healthz",
    }).optional(),
  }),
  "rules, each with name and action",
  { both: [], about: "What Alloy does with certain lines; the first rule that fits a line counts.", example: [] },
);
