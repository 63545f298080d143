import type { AlloySpec } from "./spec";
import type { Values } from "../pod";

/** Name of the ResourceQuota that lets Alloy's pods be critical. */
export const criticalPodsQuota = "alloy-critical-pods";

/**
 * Whether Alloy needs a quota. Some clusters (GKE) refuse the priority classes of the system in a namespace without a
 * quota that names them. Elsewhere the quota changes nothing, because it limits nothing.
 */
export function needsQuota({ priorityClassName }: Pick<AlloySpec, "priorityClassName">): boolean {
  return priorityClassName.startsWith("system-");
}

/** `spec` of that ResourceQuota. */
export function quotaSpec({ priorityClassName }: Pick<AlloySpec, "priorityClassName">): Values {
  return {
    hard: { pods: "1000000" },
    scopeSelector: {
      matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: [priorityClassName] }],
    },
  };
}
