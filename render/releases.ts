import type { ChartSource, Settings } from "../config/settings";
import { alloyValues } from "./alloy/values";
import { grafanaValues } from "./grafana/values";
import { lokiValues } from "./loki/values";
import { minioValues } from "./minio/values";
import type { Values } from "./pod";

export type ChartName = "minio" | "loki" | "alloy" | "grafana";

/** One Helm release of a stack, as the program installs it. */
export interface Release {
  /** Chart and release have the part's name. */
  name: ChartName;
  namespace: string;
  source: ChartSource;
  values: Values;
}

/** The releases of a stack, in the order in which they are installed. */
export function releasesOf(settings: Settings): Release[] {
  const { charts, namespaces } = settings;
  const release = (name: ChartName, values: Values): Release => ({
    name,
    namespace: namespaces[name],
    source: charts[name],
    values,
  });
  return [
    release("minio", minioValues(settings)),
    release("loki", lokiValues(settings)),
    release("alloy", alloyValues(settings)),
    ...(settings.grafana.enabled ? [release("grafana", grafanaValues(settings))] : []),
  ];
}
