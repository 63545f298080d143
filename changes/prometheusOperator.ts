import { knowsPrometheusOperator } from "../cluster/prometheusOperator";
import type { Settings } from "../config/settings";
import { lookAtCluster } from "./gate";

/**
 * Whether the stack's cluster has the Prometheus operator, if the settings leave that to the cluster; otherwise false,
 * without a look. Warns if the cluster cannot be read, and takes it for one without the operator.
 */
export async function findPrometheusOperator(settings: Settings): Promise<boolean> {
  if (!leavesOperatorToCluster(settings)) return false;
  return (await lookAtCluster("whether the cluster has the Prometheus operator", knowsPrometheusOperator)) ?? false;
}

/** Whether only the cluster says if it has the Prometheus operator. */
export function leavesOperatorToCluster({ monitoring }: Pick<Settings, "monitoring">): boolean {
  return monitoring.namespaces.length > 0 && monitoring.serviceMonitors === "auto";
}
