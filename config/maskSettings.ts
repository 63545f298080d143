import { z } from "zod";

import { secretKindNames } from "../domain/secretKinds";
import { choice, dnsLabel, list, regularExpression } from "./kinds";

/** What Alloy masks in lines before they leave the node. */
export const mask = z.strictObject({
  presets: list(choice(secretKindNames, { about: "A kind of secret." }), "kinds of secrets", {
    both: [...secretKindNames],
    about:
      "Kinds of secrets that are replaced in lines before they leave the node: " +
      `${secretKindNames.map((name) => `\`${name}\``).join(", ")}.`,
    example: ["authorization", "jwt"],
  }),
  patterns: list(
    z.strictObject({
      name: dnsLabel({ about: "Name that takes the place of what is masked.", example: "customer-number" }),
      expression: regularExpression({
        about: "What to mask; if the expression has groups, only these.",
        example: "customer=([0-9]{8})",
      }),
    }),
    "patterns, each with name and expression",
    { both: [], about: "Further texts to mask, as RE2 expressions.", example: [] },
  ),
});
