import { z } from "zod";

const change = z.enum(["added", "removed", "changed"]);
const requests = z.object({
  cpu: z.string().describe("cores, a Kubernetes quantity"),
  memory: z.string().describe("bytes, a Kubernetes quantity"),
});
const sums = z.object({
  fixed: requests.describe("all pods but those of DaemonSets"),
  perNode: requests.describe("the pods of DaemonSets on one node"),
});

const field = z.object({
  path: z.string().describe("the field, such as spec.template.spec.containers[loki].image; empty: the whole object"),
  change,
  before: z.json().optional().describe("its value; absent if there was none, or if lines says it"),
  after: z.json().optional().describe("its value; absent if there is none, or if lines says it"),
  lines: z
    .array(z.string())
    .optional()
    .describe("for a text or a whole object: its lines as `diff -u` writes them, with @@ between distant ones"),
});

const object = z.object({
  change,
  maker: z.string().describe("who makes it: stack, MinIO, or a release such as `release loki`"),
  kind: z.string(),
  namespace: z.string().optional().describe("absent outside of namespaces"),
  name: z.string(),
  fields: z.array(field),
});

const restart = z.object({
  step: z.number().int().describe("1 for the first; those of one step restart at the same time"),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  pods: z.number().int().optional().describe("number of its pods; absent for one on each node"),
  how: z.string().describe("how its pods are replaced"),
  because: z.array(z.string()).describe("the fields of the pod that differ"),
});

/** What a change does to every object of a stack. Its secrets are already masked. `--format json` prints it. */
export const reportSchema = z
  .object({
    version: z.literal(1),
    stack: z.string(),
    before: z.string().describe("the older side: what is deployed, or a revision"),
    after: z.string().describe("the newer side"),
    dangers: z
      .array(
        z.object({
          key: z.string().describe("the setting that causes it"),
          problem: z.string(),
          remedy: z.string(),
          allow: z.string().optional().describe("the name for the setting allow; absent if it cannot be accepted"),
          accepted: z.boolean().describe("whether the setting allow names it"),
        }),
      )
      .describe("what loses logs or fails halfway; up refuses what is not accepted"),
    policies: z.array(z.object({ policy: z.string(), violation: z.string() })),
    restarts: z.array(restart),
    requests: z.object({ before: sums, after: sums }),
    versions: z.array(
      z.object({
        what: z.string().describe("a chart, or the repository of an image"),
        before: z.string().optional(),
        after: z.string().optional(),
      }),
    ),
    objects: z.array(object).describe("the objects that differ, most important first"),
    unchanged: z.number().int().describe("number of objects that do not differ"),
    leftOut: z
      .object({
        checksums: z.number().int().describe("checksums of a content whose difference is shown"),
        chartLabels: z.number().int().describe("labels with the versions of charts, which versions shows"),
      })
      .describe("differences that say nothing new"),
    notes: z.array(z.string()).describe("what could not be looked at, or is only assumed"),
  })
  .meta({ title: "The answer of npm run diff -- --format json" });

/** See {@link reportSchema}. */
export type Report = z.infer<typeof reportSchema>;
export type ObjectReport = Report["objects"][number];
export type FieldReport = ObjectReport["fields"][number];
