import type { Pods } from "./part";
import { osLabel, type Values } from "./pod";

/** What decides where pods run. */
export type Placement = Pick<Pods, "nodeSelector" | "tolerations" | "affinity" | "priorityClassName">;

/**
 * `nodeSelector`, `tolerations`, `affinity` and `priorityClassName` of pods on Linux nodes. Charts and pods have the
 * same names for them.
 * @param spread `affinity` and `topologySpreadConstraints` of replicas. Default: none
 */
export function placementValues(
  { nodeSelector, tolerations, affinity: wanted, priorityClassName }: Placement,
  spread: Values = {},
): Values {
  const affinity = { ...(spread.affinity as Values | undefined), ...wanted };
  return {
    ...spread,
    ...given("affinity", affinity),
    // A cluster may have Windows nodes, and our images are for Linux.
    nodeSelector: { [osLabel]: "linux", ...nodeSelector },
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(priorityClassName === "" ? {} : { priorityClassName }),
  };
}

/** Annotations of an object in a chart's values, only if there are some. */
export function annotated(key: string, annotations: Pods["serviceAnnotations"]): Values {
  return Object.keys(annotations).length === 0 ? {} : { [key]: { annotations } };
}

/** A group under a key, unless it is empty: the API server drops an empty one, and every `up` would see that. */
export function given(key: string, group: object): Values {
  return Object.keys(group).length === 0 ? {} : { [key]: group };
}
