import { osLabel, type Labels, type Values } from "../pod";
import { placementValues, type Placement } from "../placement";
import type { AlloySpec } from "./spec";

/**
 * Labels of nodes that cannot run Alloy, and their values. Virtual nodes (virtual-kubelet, as on AKS, and Fargate) run
 * no DaemonSet, and their taints do not keep out a pod that tolerates all.
 */
const virtualNodes = { type: "virtual-kubelet", "eks.amazonaws.com/compute-type": "fargate" } as const;

/** Placement of the pods of a DaemonSet: every node that can run them, and that the settings leave. */
export function onAbleNodes(spec: Placement): Values {
  return placementValues(spec, { affinity: ableNodes() });
}

/** Linux nodes that are not virtual. */
function ableNodes(): Values {
  const matchExpressions = [
    { key: osLabel, operator: "In", values: ["linux"] },
    ...Object.entries(virtualNodes).map(([key, value]) => ({ key, operator: "NotIn", values: [value] })),
  ];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** Whether a node with these labels can run pods of Linux, and is not virtual. */
export function canRun(labels: Labels = {}): boolean {
  return (
    (labels[osLabel] ?? "linux") === "linux" &&
    Object.entries(virtualNodes).every(([key, value]) => labels[key] !== value)
  );
}

/** Whether the stack's Alloy is meant to run on a node with these labels. */
export function collects(labels: Labels = {}, { nodeSelector }: Pick<AlloySpec, "nodeSelector">): boolean {
  return canRun(labels) && Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
}
