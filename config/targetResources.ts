import type { Replicas } from "../domain/topologies";
import type { Resources, Settings } from "./settings";

/** CPU and memory of one gateway, which forwards requests and keeps nothing. */
const gatewayResources = { cpuRequest: "50m", memoryRequest: "32Mi", memoryLimit: "128Mi" } as const;

/** CPU and memory of one replica of a target of Loki: its own settings, else those of all targets. Pure. */
export function resourcesOfTarget(
  { resources, targetResources }: Pick<Settings["loki"], "resources" | "targetResources">,
  target: keyof Replicas,
): Resources {
  return { ...(target === "gateway" ? gatewayResources : resources), ...targetResources[target] };
}
