import type { Part } from "../domain/parts";
import type { AlloySpec } from "./alloy/spec";

/** Levels that a namespace can enforce, the strictest first. */
const levels = ["restricted", "baseline", "privileged"] as const;

/** A Pod Security level that a namespace can enforce. */
export type PodSecurity = (typeof levels)[number];

/**
 * The strictest level under which the pods of a part run. Reading files takes a host path, which only `privileged`
 * allows.
 */
export function podSecurityOf(part: Part, { source }: Pick<AlloySpec, "source">): PodSecurity {
  return part === "alloy" && source === "files" ? "privileged" : "restricted";
}

/**
 * Whether a namespace that enforces one level admits pods that need another. Undefined or an unknown level enforces
 * nothing.
 */
export function admits(enforced: string | undefined, needed: PodSecurity): boolean {
  const level = levels.findIndex((name) => name === enforced);
  return level < 0 || level >= levels.indexOf(needed);
}
