import type { Settings } from "../../config/settings";
import { sources } from "./sources";
import { limits, process, write } from "./write";
import type { EndpointsInput } from "../addresses";

/** What the pipeline is made from. */
export type AlloyPipelineInput = EndpointsInput & Pick<Settings, "alloy" | "images" | "tenant">;

/**
 * The pipeline that every Alloy runs: the lines of its own node's pods, labelled, limited, pushed to Loki. Alloy
 * syntax.
 *
 * Index labels are `namespace`, `app`, `container`, `node`: few values each, so few streams. The pod's name changes
 * with every rollout; as a label each rollout would open new streams, so it is structured metadata unless `alloy.podAs`
 * says otherwise.
 */
export function alloyPipeline(input: AlloyPipelineInput): string {
  return [sources(input), process(input), ...limits(input), write(input)].join("\n");
}
