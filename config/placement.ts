import { z } from "zod";

import { choice, objectLabelName, objectLabelValue, text } from "./kinds";

/*
 * Where pods run, in Kubernetes' words.
 */

/** A toleration of a taint. */
export const toleration = z
  .strictObject({
    key: objectLabelName({ about: "Taint; unset: every taint.", example: "dedicated" }).optional(),
    operator: choice(["Equal", "Exists"], { about: "How the value is compared; unset: Equal." }).optional(),
    value: objectLabelValue({ about: "Value of the taint.", example: "logging" }).optional(),
    effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
      about: "Effect of the taint; unset: every effect.",
    }).optional(),
  })
  // The API server refuses both.
  .refine(({ key, operator }) => key !== undefined || operator === "Exists", {
    error: "needs a key, or operator Exists for every taint",
  })
  .refine(({ operator, value }) => operator !== "Exists" || value === undefined, {
    error: "has operator Exists, which compares no value",
  });

/** The name of a PriorityClass. Empty: the cluster's default. */
export const priorityClass = text(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/, "the name of a PriorityClass");
