import type { Part } from "../domain/parts";
import type { AlloySpec } from "./alloy/spec";

/** Levels that a namespace can enforce, from the strictest on. */
const levels = ["restricted", "baseline", "privileged"] as const;

/** Pod Security level that a namespace of the stack's own enforces. */
export type PodSecurity = (typeof levels)[number];

/**
 * The strictest level under which the pods of a part run. Reading files takes a host path, which only `privileged`
 * allows.
 */
export function podSecurityOf(part: Part, { source }: Pick<AlloySpec, "source">): PodSecurity {
  return part === "alloy" && source === "files" ? "privileged" : "restricted";
}

/** Whether pods that need a level run in a namespace that enforces another; undefined, as none, enforces nothing. */
export function admits(enforced: string | undefined, needed: PodSecurity): boolean {
  const level = levels.findIndex((name) => name === enforced);
  return level < 0 || level >= levels.indexOf(needed);
}
