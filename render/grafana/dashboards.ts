import { logsDashboard } from "./logsDashboard";
import { platformDashboard } from "./platformDashboard";
import { platformLogsDashboard } from "./platformLogsDashboard";
import type { GrafanaSpec } from "./spec";

/** `data` of the ConfigMap with the dashboards: a file of Grafana's dashboard model for each. */
export function dashboardFiles(
  spec: Pick<GrafanaSpec, "canary" | "minio" | "platform" | "prometheusUrl">,
): Record<string, string> {
  const dashboards = {
    "logs.json": logsDashboard(),
    "platform-logs.json": platformLogsDashboard(spec),
    ...(spec.prometheusUrl === undefined ? {} : { "platform.json": platformDashboard(spec) }),
  };
  return Object.fromEntries(
    Object.entries(dashboards).map(([name, model]) => [name, JSON.stringify(model, undefined, 2)]),
  );
}
