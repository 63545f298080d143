import { parseDocument } from "yaml";

import { hasMinio } from "../../domain/objectStore";
import { isMap } from "../../domain/tree";
import type { Part } from "../../domain/parts";
import { targetNames, type Replicas } from "../../domain/topologies";
import type { Settings } from "../../config/settings";
import type { Values } from "../pod";

/** What further containers of a part request, for each of their pods. */
export interface ExtraRequests {
  part: Part;
  /** How many pods have them. For Alloy: per node. */
  replicas: number;
  /** Kubernetes quantities. Default: nothing. */
  requests: { cpu?: string; memory?: string };
}

/**
 * What the containers that the stack's values add request. Containers that only initialise a pod are left out: they end
 * before the others start.
 */
export function extraRequests(
  { grafana, minio, objectStore, values }: Pick<Settings, "grafana" | "minio" | "objectStore" | "values">,
  replicas: Replicas,
): ExtraRequests[] {
  const targets = targetNames.reduce((sum, target) => sum + replicas[target], 0);
  const podsOf: Record<Part, (group: string) => number> = {
    minio: () => (hasMinio(objectStore) ? minio.servers : 0),
    loki: (group) => (group === "defaults" ? targets : (replicas[group as keyof Replicas] ?? 1)),
    alloy: () => 1,
    grafana: () => (grafana.enabled ? grafana.replicas : 0),
  };
  return (Object.keys(podsOf) as Part[]).flatMap((part) =>
    Object.entries(values[part] as Values).flatMap(([group, value]) =>
      requestsIn(value, group).map((requests) => ({ part, replicas: podsOf[part](group), requests })),
    ),
  );
}

/** What containers below a value request. @param key the value's own key */
function requestsIn(value: unknown, key: string): ExtraRequests["requests"][] {
  if (/^(extra)?init/i.test(key)) return [];
  // Grafana's chart takes containers as text.
  if (typeof value === "string" && key === "extraContainers") return requestsIn(parseDocument(value).toJS(), key);
  if (Array.isArray(value)) return value.flatMap((item) => requestsIn(item, key));
  if (!isMap(value) || value.enabled === false) return [];
  const { resources } = value;
  const own = isMap(resources) && isMap(resources.requests) ? [quantities(resources.requests)] : [];
  return [...own, ...Object.entries(value).flatMap(([below, inner]) => requestsIn(inner, below))];
}

function quantities({ cpu, memory }: Values): ExtraRequests["requests"] {
  const text = (quantity: unknown) =>
    typeof quantity === "string" || typeof quantity === "number" ? String(quantity) : undefined;
  return { cpu: text(cpu), memory: text(memory) };
}
