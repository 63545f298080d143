import type { Resources, Settings } from "../../config/settings";
import type { Replicas } from "../../domain/topologies";

/** CPU and memory of one gateway, which forwards requests and keeps nothing. */
const gatewayResources = { cpuRequest: "50m", memoryRequest: "32Mi", memoryLimit: "128Mi" } as const;

/** CPU and memory of one replica of a target: its own settings, else those of all targets. */
export function targetResources(
  { resources, targetResources: own }: Pick<Settings["loki"], "resources" | "targetResources">,
  target: keyof Replicas,
): Resources {
  return { ...(target === "gateway" ? gatewayResources : resources), ...own[target] };
}

/**
 * CPU and memory of one memcached with a cache of `megabytes`. A fifth more is for connections and its own index; that
 * figure is the chart's.
 */
export function cacheResources(megabytes: number): { cpuRequest: string; memoryRequest: string; memoryLimit: string } {
  const memory = `${Math.ceil(megabytes * 1.2)}Mi`;
  return { cpuRequest: "50m", memoryRequest: memory, memoryLimit: memory };
}
