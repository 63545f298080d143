import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { topologyOf } from "../../render/topology";
import type { Existing } from "./existing";

const lokiTargets = ["loki", "loki-write", "loki-read", "loki-backend"];

/** Another topology. The update would remove the running ingesters before they have flushed their lines. */
export function changedTopology({ loki }: Existing, settings: Settings): Danger[] {
  const { singleBinary, write } = topologyOf(settings).replicas;
  const ingester = singleBinary > 0 ? "loki" : "loki-write";
  const there = loki.workloads
    .filter(({ name, replicas }) => lokiTargets.includes(name) && replicas > 0)
    .map(({ name }) => name);
  const leaving = there.filter((name) => (name === "loki" && singleBinary === 0) || (name !== "loki" && write === 0));
  if (there.length === 0 || there.includes(ingester)) return [];
  return [
    {
      key: "topology",
      problem:
        `is ${settings.topology}, but ${leaving.join(", ")} run: up would remove them all at once, and lines that they ` +
        "have not flushed would stay behind on their volumes",
      remedy:
        "stop the senders (what Alloy has not sent stays on the nodes), flush every ingester (POST /flush, then wait " +
        "until loki_ingester_memory_chunks is 0), then allow it for one up",
      allow: "topology-change",
    },
  ];
}

/**
 * More than one ingester fewer. An ingester flushes its lines before it leaves; until then the others must keep the
 * quorum.
 */
export function removedIngesters({ loki }: Existing, settings: Settings): Danger[] {
  const { singleBinary, write } = topologyOf(settings).replicas;
  const [name, wanted, key] =
    singleBinary > 0
      ? (["loki", singleBinary, "loki.replicas.singleBinary"] as const)
      : (["loki-write", write, "loki.replicas.write"] as const);
  const is = loki.workloads.find((workload) => workload.name === name)?.replicas ?? 0;
  if (is - wanted <= 1) return [];
  return [
    {
      key,
      problem: `is ${wanted}, but ${is} run: more than one ingester would leave the ring at a time`,
      remedy: `lower it by one and run up; repeat until it is ${wanted}`,
      allow: "ingesters-removed",
    },
  ];
}
