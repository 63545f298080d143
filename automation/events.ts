import { z } from "zod";
import { dangerNames } from "../domain/danger";
import { errorCodes, OperatorError, textOf } from "../domain/problem";

/** What a stack's operations are called. */
export const operationNames = ["preflight", "preview", "up", "rotate", "refresh", "destroy"] as const;

/** One of {@link operationNames}. */
export type OperationName = (typeof operationNames)[number];

const common = {
  time: z.iso.datetime().describe("when it was noticed, in UTC"),
  stack: z.string().describe("name of the stack"),
};
const problem = z.string().describe("what is wrong");
const remedies = z.array(z.string()).describe("what to do; any one of them is enough");
const resource = {
  kind: z.string().describe("what it is, such as Release or ConfigMap"),
  name: z.string().describe("its name in the program, such as logharbor-loki-release"),
  urn: z.string().describe("its name in the state"),
};

const operationEvent = z.object({
  ...common,
  type: z.literal("operation"),
  operation: z.enum(operationNames),
  state: z.enum(["started", "succeeded", "failed", "cancelled"]),
  changes: z
    .record(z.string(), z.number().int())
    .optional()
    .describe("when it succeeded: how many resources were, or would be, created, updated, deleted, left the same, …"),
  error: z
    .object({
      code: z.enum(errorCodes).optional().describe("what it is about; absent for an error that nobody foresaw"),
      problem,
      remedy: remedies,
    })
    .optional()
    .describe("why it failed"),
});

const resourceEvent = z.object({
  ...common,
  ...resource,
  type: z.literal("resource"),
  action: z.string().describe("the step's name in Pulumi: create, update, delete, replace, import, …"),
  state: z.enum(["planned", "started", "done", "failed"]),
  paths: z.array(z.string()).optional().describe("of an update or a replacement that is planned: what differs"),
  seconds: z.number().optional().describe("when it is done: how long it took"),
});

const progressEvent = z.object({
  ...common,
  ...resource,
  type: z.literal("progress"),
  action: z.string().describe("the step that takes long"),
  seconds: z.number().describe("for how long it has been at work"),
  waitsFor: z.array(z.string()).describe("what it waits for, such as a pod that is not ready; empty if unknown"),
});

const logEvent = z.object({
  ...common,
  type: z.literal("log"),
  severity: z.enum(["info", "warning", "error"]),
  text: z.string(),
});

const dangerEvent = z.object({
  ...common,
  type: z.literal("danger"),
  key: z.string().describe("the setting that causes it"),
  problem: z.string().describe("what would be lost or fail; the text continues a sentence that begins with the key"),
  remedy: remedies,
  allow: z.enum(dangerNames).optional().describe("the name for the setting allow; absent if it cannot be accepted"),
  accepted: z.boolean().describe("whether the setting allow names it; otherwise nothing was touched"),
});

const findingEvent = z.object({
  ...common,
  type: z.literal("finding"),
  source: z.enum(["preflight", "policy"]).describe("who found it"),
  problem,
  remedy: remedies,
});

/**
 * What happens while a stack is worked on. `npm run up -- --json` prints each as one line. In a minor version, fields
 * and types may be added; none goes or changes its meaning.
 */
export const eventSchema = z
  .discriminatedUnion("type", [operationEvent, resourceEvent, progressEvent, logEvent, dangerEvent, findingEvent])
  .describe("What happens while a stack is worked on: one event, one line of `npm run up -- --json`");

export type OperationEvent = z.output<typeof operationEvent>;
export type ResourceEvent = z.output<typeof resourceEvent>;
export type ProgressEvent = z.output<typeof progressEvent>;
export type LogEvent = z.output<typeof logEvent>;
export type DangerEvent = z.output<typeof dangerEvent>;
export type FindingEvent = z.output<typeof findingEvent>;
/** One of the events, told apart by `type`. */
export type StackEvent = z.output<typeof eventSchema>;

type Bare<E> = E extends StackEvent ? Omit<E, "time" | "stack"> : never;
/** An event without what all have. */
export type EventContent = Bare<StackEvent>;

/** What an event tells of an error. Pure. */
export function errorContent(error: unknown): OperationEvent["error"] {
  return error instanceof OperatorError
    ? { code: error.code, problem: error.problem, remedy: [...error.remedy] }
    : { problem: textOf(error), remedy: [] };
}

/** The changes in an operation's result, for its event. Pure. */
export function changesOf(result: object): Pick<OperationEvent, "changes"> {
  return "changes" in result ? { changes: { ...(result.changes as Record<string, number>) } } : {};
}
