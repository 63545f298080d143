import type { AlloySpec } from "./spec";

/** A rule of a ClusterRole. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** What Alloy may read in the cluster: where pods are, and their lines where those come from the API server. */
export function alloyRights({ source }: Pick<AlloySpec, "source">): Rule[] {
  const verbs = ["get", "list", "watch"];
  return [
    { apiGroups: [""], resources: source === "files" ? ["pods"] : ["pods", "pods/log"], verbs },
    { apiGroups: [""], resources: ["namespaces"], verbs },
  ];
}
