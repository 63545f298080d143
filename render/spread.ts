import type { Settings } from "../config/settings";
import type { Values } from "./pod";

/**
 * `affinity` and `topologySpreadConstraints` of a workload whose pods carry `labels`: one replica a node, and even over
 * zones, each required or preferred. States both rules of the affinity, since a chart's default of the other would stay
 * in force.
 */
export function spreadValues({ nodes, zones }: Settings["spread"], labels: Record<string, string>): Values {
  const term = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: nodes === "required" ? [term] : [],
        preferredDuringSchedulingIgnoredDuringExecution:
          nodes === "preferred" ? [{ weight: 100, podAffinityTerm: term }] : [],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: zones === "required" ? "DoNotSchedule" : "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      },
    ],
  };
}
