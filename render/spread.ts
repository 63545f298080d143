import type { Settings } from "../config/settings";
import type { Values } from "./pod";

/** As `spreadValues`, for an object of our own: the API server drops an empty list, and every `up` would see that. */
export function spreadSpec({ nodes, zones }: Settings["spread"], labels: Record<string, string>): Values {
  const { affinity, ...rest } = spreadValues({ nodes, zones }, labels) as { affinity: { podAntiAffinity: Values } };
  const rules = Object.entries(affinity.podAntiAffinity).filter(([, terms]) => (terms as unknown[]).length > 0);
  return { affinity: { podAntiAffinity: Object.fromEntries(rules) }, ...rest };
}

/**
 * `affinity` and `topologySpreadConstraints` of a workload whose pods have these labels: one replica per node, and an
 * even spread over zones. Each is required or preferred. Sets both affinity rules, because the chart's default for the
 * other one would otherwise stay in force.
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
