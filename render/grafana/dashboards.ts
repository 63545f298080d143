import { readDashboard } from "../../config/grafanaFiles";
import { logsDashboard } from "./logsDashboard";
import { platformDashboard } from "./platformDashboard";
import { platformLogsDashboard } from "./platformLogsDashboard";
import type { GrafanaSpec } from "./spec";

/** `data` of the ConfigMap with the dashboards: a file of Grafana's dashboard model for each. */
export function dashboardFiles(
  spec: Pick<GrafanaSpec, "canary" | "dashboardFiles" | "minio" | "platform" | "prometheusUrl">,
): Record<string, string> {
  const further = spec.dashboardFiles.flatMap((path) => readDashboard(path).content);
  const dashboards = {
    "logs.json": logsDashboard(),
    "platform-logs.json": platformLogsDashboard(spec),
    ...(spec.prometheusUrl === undefined ? {} : { "platform.json": platformDashboard(spec) }),
    ...Object.fromEntries(further.map((model, index) => [`further-${index}.json`, model])),
  };
  return Object.fromEntries(
    Object.entries(dashboards).map(([name, model]) => [name, JSON.stringify(model, undefined, 2)]),
  );
}
