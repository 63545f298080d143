import { nodeLogs } from "./hostFiles";
import { sources } from "./sources";
import type { AlloySpec } from "./spec";
import { labelling, limiting, writing } from "./write";

/**
 * The pipeline that every Alloy runs: the lines of its own node's pods, labelled, limited, pushed to Loki. Alloy
 * syntax.
 *
 * The index labels are `namespace`, `app`, `container` and `node`. Each has few values, so there are few streams. The
 * pod's name changes with every rollout. As a label it would open new streams each time, so it is structured metadata
 * unless `alloy.podAs` says otherwise.
 */
export function alloyPipeline(spec: AlloySpec): string {
  const { components } = spec.pipeline;
  return [
    sources(spec),
    labelling(spec),
    ...limiting(spec),
    ...nodeLogs(spec),
    writing(spec),
    ...(components === undefined ? [] : [`// Further components, from the stack's settings.\n${components.trim()}\n`]),
  ].join("\n");
}
