import type { AlloySpec } from "./spec";

/** A rule of a ClusterRole. */
export interface Rule {
  /** API groups; "" is the core group. */
  apiGroups: string[];
  /** Resources, in the plural. */
  resources: string[];
  /** Names of the only objects that the rule is about. Default: all. */
  resourceNames?: string[];
  /** What may be done with them. */
  verbs: string[];
}

/**
 * What Alloy may read in the cluster: pods and namespaces, and the lines of pods if it reads them from the API server.
 */
export function alloyRights({ source }: Pick<AlloySpec, "source">): Rule[] {
  const verbs = ["get", "list", "watch"];
  return [
    { apiGroups: [""], resources: source === "files" ? ["pods"] : ["pods", "pods/log"], verbs },
    { apiGroups: [""], resources: ["namespaces"], verbs },
  ];
}
