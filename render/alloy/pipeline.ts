import { sources } from "./sources";
import type { AlloySpec } from "./spec";
import { labelling, limiting, writing } from "./write";

/**
 * The pipeline that every Alloy runs: the lines of its own node's pods, labelled, limited, pushed to Loki. Alloy
 * syntax.
 *
 * Index labels are `namespace`, `app`, `container`, `node`: few values each, so few streams. The pod's name changes
 * with every rollout; as a label each rollout would open new streams, so it is structured metadata unless `alloy.podAs`
 * says otherwise.
 */
export function alloyPipeline(spec: AlloySpec): string {
  return [sources(spec), labelling(spec), ...limiting(spec), writing(spec)].join("\n");
}
