import type { Fault } from "./fault";
import { parseQuantity } from "./quantity";
import type { Image, Resources, Settings } from "./settings";

/** One rule: the faults of what it reads. */
type Rule = (settings: Settings) => Fault[];

const parts = ["minio", "loki", "alloy", "grafana"] as const;

const rules: Rule[] = [
  namespaces,
  drives,
  buckets,
  burst,
  schemaDay,
  deleteDelay,
  replicatedStore,
  ...parts.map((part): Rule => (settings) => resources(`${part}.resources`, settings[part].resources)),
  ...[...parts, "gateway" as const].map((part): Rule => ({ images }) => image(`images.${part}`, images[part], images.mirror)),
];

/** What reading a setting throws whose own value is wrong: a rule that reads it has nothing to judge. */
export class Unjudged extends Error {}

/** Faults that one setting alone does not show; rules that read a faulty setting are left out. An empty list is a usable config. */
export function brokenRules(settings: Settings): Fault[] {
  return rules.flatMap((rule) => {
    try {
      return rule(settings);
    } catch (error) {
      if (error instanceof Unjudged) return [];
      throw error;
    }
  });
}

function namespaces({ namespaces }: Settings): Fault[] {
  const faults: Fault[] = [];
  const owner = new Map<string, string>();
  for (const [part, name] of Object.entries(namespaces)) {
    const other = owner.get(name);
    if (other !== undefined) {
      faults.push({ key: `namespaces.${part}`, problem: `is "${name}", the namespace of ${other} too`, remedy: "give each part a namespace of its own" });
    }
    if (name === "default" || name.startsWith("kube-")) {
      faults.push({ key: `namespaces.${part}`, problem: `is "${name}", which belongs to the cluster`, remedy: "name a namespace that the stack may create and remove" });
    }
    owner.set(name, part);
  }
  return faults;
}

function drives({ minio }: Settings): Fault[] {
  const { servers, drivesPerServer } = minio;
  const total = servers * drivesPerServer;
  if (servers === 1 && drivesPerServer > 1) {
    return [{ key: "minio.drivesPerServer", problem: `is ${drivesPerServer} for one server`, remedy: "write 1, or at least 2 servers with 4 drives together" }];
  }
  // MinIO's erasure sets have 4 to 16 drives; below 4 it cannot be distributed with parity 2.
  if (servers > 1 && !erasureSetExists(total)) {
    return [{ key: "minio.servers", problem: `and minio.drivesPerServer give ${total} drives, from which MinIO can form no equal erasure sets of 4 to 16`, remedy: "write for example 4 servers with 2 drives each" }];
  }
  return [];
}

function buckets({ minio }: Settings): Fault[] {
  if (minio.buckets.chunks !== minio.buckets.ruler) return [];
  return [{ key: "minio.buckets.ruler", problem: "is the bucket of the chunks too", remedy: "name a bucket of its own, such as loki-ruler-bucket" }];
}

function erasureSetExists(drives: number): boolean {
  for (let size = 16; size >= 4; size--) if (drives % size === 0) return true;
  return false;
}

function burst({ loki }: Settings): Fault[] {
  const { ingestionRateMb, ingestionBurstSizeMb } = loki.limits;
  if (ingestionBurstSizeMb >= ingestionRateMb) return [];
  return [{ key: "loki.limits.ingestionBurstSizeMb", problem: `is ${ingestionBurstSizeMb}, below the rate of ${ingestionRateMb}`, remedy: `write at least ${ingestionRateMb}` }];
}

function schemaDay({ loki }: Settings): Fault[] {
  const day = new Date(`${loki.schemaFrom}T00:00:00Z`);
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(loki.schemaFrom)) return [];
  return [{ key: "loki.schemaFrom", problem: `is "${loki.schemaFrom}", a day that does not exist`, remedy: 'write for example "2024-04-01"' }];
}

function deleteDelay({ retention }: Settings): Fault[] {
  if (retention.deleteDelayHours < retention.days * 24) return [];
  return [{ key: "retention.deleteDelayHours", problem: "is longer than the retention itself", remedy: `write less than ${retention.days * 24}` }];
}

function replicatedStore({ minio, profile, topology }: Settings): Fault[] {
  if (profile !== "prod" || topology !== "simple-scalable" || minio.servers > 1) return [];
  return [{ key: "minio.servers", problem: "is 1 below a replicated Loki in prod: one disk would hold every log", remedy: "write at least 4, or set topology to single-binary" }];
}

function resources(key: string, { cpuRequest, cpuLimit, memoryRequest, memoryLimit }: Resources): Fault[] {
  const faults: Fault[] = [];
  if (cpuLimit !== undefined && parseQuantity(cpuLimit) < parseQuantity(cpuRequest)) {
    faults.push({ key: `${key}.cpuLimit`, problem: `is ${cpuLimit}, below the request of ${cpuRequest}`, remedy: `write at least ${cpuRequest}` });
  }
  if (parseQuantity(memoryLimit) < parseQuantity(memoryRequest)) {
    faults.push({ key: `${key}.memoryLimit`, problem: `is ${memoryLimit}, below the request of ${memoryRequest}`, remedy: `write at least ${memoryRequest}` });
  }
  return faults;
}

function image(key: string, { registry, repository }: Image, mirror: string | undefined): Fault[] {
  if (mirror === undefined && registry === "docker.io" && repository.startsWith("minio/")) {
    return [{ key: `${key}.repository`, problem: `is ${repository}, which docker.io no longer serves`, remedy: "write pgsty/silo, or name a registry that has it" }];
  }
  return [];
}
