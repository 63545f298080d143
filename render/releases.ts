import type { ChartSource, Settings } from "../config/settings";
import type { Part } from "../domain/parts";
import { alloyValues } from "./alloy/values";
import { grafanaValues } from "./grafana/values";
import { releaseValues, type Extra } from "./hatches/release";
import { lokiValues } from "./loki/values";
import { minioValues } from "./minio/values";
import type { PartSpec } from "./part";
import { planOf } from "./plan";
import type { Values } from "./pod";

/** One Helm release of a stack, as the program installs it. */
export interface Release {
  /** Name of the part, the chart and the release. */
  name: Part;
  /** Namespace to install into. */
  namespace: string;
  /** Where the chart comes from. */
  source: ChartSource;
  /** The chart's values. */
  values: Values;
}

/** The releases of a stack, in the order of their installation. Pure. */
export function releasesOf(settings: Settings): Release[] {
  const { minio, loki, alloy, grafana } = planOf(settings);
  const release = (name: Part, spec: PartSpec & Extra, values: Values): Release => ({
    name,
    namespace: spec.namespace,
    source: spec.chart,
    values: releaseValues(name, values, spec),
  });
  return [
    ...(minio === undefined ? [] : [release("minio", minio, minioValues(minio))]),
    release("loki", loki, lokiValues(loki)),
    release("alloy", alloy, alloyValues(alloy)),
    ...(grafana === undefined ? [] : [release("grafana", grafana, grafanaValues(grafana))]),
  ];
}
