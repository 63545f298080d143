import { resolve } from "node:path";
import type { ChartRequest } from "../../automation/renderedCharts";
import { chartIn } from "../../charts/mirror";
import type { Part } from "../../domain/parts";
import { textAt, type JsonObject } from "../json";
import type { Recorded } from "./recorder";
import { releaseType, stepsOf } from "./things";

/** A chart of a program's release, and when `up` comes to it. */
export interface ReleaseChart extends ChartRequest {
  step: number;
}

/**
 * The charts that a program installs.
 * @param folder where relative paths start
 * @param mirror a folder of charts to use in place of their repositories. Default: none
 */
export function chartsOf(resources: readonly Recorded[], folder: string, mirror?: string): ReleaseChart[] {
  const steps = stepsOf(resources);
  return resources
    .filter(({ type }) => type === releaseType)
    .map(({ name: resource, clearInputs: inputs }) => {
      const name = textAt(inputs, "name") ?? "";
      const chart = textAt(inputs, "chart") ?? "";
      const version = textAt(inputs, "version");
      const mirrored = mirror === undefined ? undefined : chartIn(resolve(mirror), name as Part, version ?? "");
      const common = {
        name,
        namespace: textAt(inputs, "namespace") ?? "",
        values: inputs.values as JsonObject,
        step: steps.get(resource) ?? 0,
      };
      const repository = inputs.repositoryOpts as ChartRequest["repository"];
      if (mirrored !== undefined) return { ...common, chart: mirrored, local: true };
      // A chart of a repository and one of a registry have a version; a folder or file says its own.
      if (version === undefined) return { ...common, chart: resolve(folder, chart), local: true };
      return { ...common, chart, version, local: false, ...(repository === undefined ? {} : { repository }) };
    });
}
