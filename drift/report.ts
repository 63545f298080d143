import { z } from "zod";
import { fieldSchema, objectSchema } from "../diff/report";

const field = fieldSchema.extend({
  by: z.string().optional().describe("the field manager that wrote it last; absent if the cluster does not say"),
  at: z.string().optional().describe("when that manager wrote to the object last, RFC 3339"),
});

const object = objectSchema.extend({
  fields: z.array(field),
  remedies: z.array(z.string()).describe("what to do; any one is enough"),
});

/** How the cluster differs from what was deployed. Its secrets are already masked. `--format json` prints it. */
export const driftSchema = z
  .object({
    version: z.literal(1),
    stack: z.string(),
    objects: z
      .array(object)
      .describe("the objects that drifted, most important first; before is what was deployed, after what is there"),
    unchanged: z.number().int().describe("number of objects that are as they were deployed"),
    unseen: z.array(z.string()).describe("what could not be looked at"),
  })
  .meta({ title: "The answer of npm run drift -- --format json" });

/** See {@link driftSchema}. */
export type DriftReport = z.infer<typeof driftSchema>;
export type DriftedObject = DriftReport["objects"][number];
