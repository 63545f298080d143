import type { KubeConfig } from "@kubernetes/client-node";
import { KubeApi } from "./kubeApi";
import { ifSeen } from "./looks";

/** Whether a cluster knows ServiceMonitors and PrometheusRules. */
export async function knowsPrometheusOperator(kubeConfig: KubeConfig): Promise<boolean> {
  const path = "apis/monitoring.coreos.com/v1";
  const found = await ifSeen(new KubeApi(kubeConfig).get<{ resources: { name: string }[] }>(path), { resources: [] });
  const names = (found?.resources ?? []).map(({ name }) => name);
  return ["servicemonitors", "prometheusrules"].every((name) => names.includes(name));
}
