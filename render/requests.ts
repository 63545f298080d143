import { hasMinio } from "../domain/objectStore";
import { targetNames } from "../domain/topologies";
import { formatCpu, formatMemory, parseQuantity } from "../domain/quantity";
import type { Resources, Settings } from "../config/settings";
import { resourcesOfTarget } from "../config/targetResources";
import { cacheResources } from "./loki/values";
import { extraRequests } from "./hatches/requests";
import { topologyOf } from "./topology";

/** CPU (cores) and memory (bytes) that the scheduler reserves. */
export interface Requests {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** A group of equal pods, and what each requests. */
interface Share {
  replicas: number;
  resources: Pick<Resources, "cpuRequest" | "memoryRequest">;
}

/** What the stack requests: `perNode` for Alloy and the canary on each node, `fixed` for all other pods together. */
export function stackRequests(settings: Settings): { fixed: Requests; perNode: Requests } {
  const { cache, replicas } = topologyOf(settings);
  const { chunksMb, resultsMb } = settings.loki.caches;
  const shares: Share[] = [
    { replicas: hasMinio(settings.objectStore) ? settings.minio.servers : 0, resources: settings.minio.resources },
    ...targetNames.map((target) => ({
      replicas: replicas[target],
      resources: resourcesOfTarget(settings.loki, target),
    })),
    ...[chunksMb, resultsMb].map((megabytes) => ({
      replicas: cache === "memcached" && megabytes > 0 ? 1 : 0,
      resources: cacheResources(megabytes),
    })),
    {
      replicas: settings.alerts.alertmanager === "own" ? settings.alerts.own.instances : 0,
      resources: settings.alerts.own.resources,
    },
    { replicas: settings.alloy.events.enabled ? 1 : 0, resources: settings.alloy.events.resources },
    { replicas: settings.grafana.enabled ? settings.grafana.replicas : 0, resources: settings.grafana.resources },
  ];
  const onEachNode: Share[] = [
    { replicas: 1, resources: settings.alloy.resources },
    { replicas: settings.canary.enabled ? 1 : 0, resources: settings.canary.resources },
  ];
  for (const { part, replicas: pods, requests } of extraRequests(settings, replicas)) {
    const { cpu = "0", memory = "0" } = requests;
    const share = { replicas: pods, resources: { cpuRequest: cpu, memoryRequest: memory } };
    (part === "alloy" ? onEachNode : shares).push(share);
  }
  const sum = (all: readonly Share[]) => all.map(requestsOf).reduce(add, { cpu: 0, memory: 0 });
  return { fixed: sum(shares), perNode: sum(onEachNode) };
}

/** Requests as Kubernetes quantities. */
export function formatRequests({ cpu, memory }: Requests): { cpu: string; memory: string } {
  return { cpu: formatCpu(cpu), memory: formatMemory(memory) };
}

function requestsOf({ replicas, resources }: Share): Requests {
  return {
    cpu: replicas * parseQuantity(resources.cpuRequest),
    memory: replicas * parseQuantity(resources.memoryRequest),
  };
}

function add(a: Requests, b: Requests): Requests {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}
