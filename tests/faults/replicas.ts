import type { V1Pod } from "@kubernetes/client-node";
import { planOf } from "../../render/plan";
import { isReady, type TestCluster, type Workload } from "../support/cluster";
import type { Platform } from "../support/platform";
import type { PodProcesses } from "../support/podProcesses";
import { waitFor } from "../support/wait";

/** The parts of the distributed platform that have replicas. */
export type Part = LokiPart | "gateway" | Cache | "minio" | "alloy";
/** What Loki caches in memcached. */
type Cache = "chunks-cache" | "results-cache";
/** Targets of Loki; `loki` is all of them in one process. */
export type LokiPart = "write" | "read" | "backend" | "loki";

/** The pods of each part. */
export class Replicas {
  private readonly cluster: TestCluster;
  private readonly processes: PodProcesses;
  private readonly workloads: Partial<Record<Part, Workload>>;
  /** The targets that the topology has. */
  readonly lokiParts: readonly LokiPart[];
  /** The target that takes in lines. */
  readonly ingesters: LokiPart;

  constructor({ cluster, lokiTargets, settings, workloads }: Platform, processes: PodProcesses) {
    const targets = lokiTargets.map((workload) => [workload.name.replace("loki-", "") as LokiPart, workload] as const);
    const { namespaces } = settings;
    const { replicas } = planOf(settings).topology;
    const beside = (kind: Workload["kind"], name: string, count: number): Workload => ({
      kind,
      namespace: namespaces.loki,
      name: `loki-${name}`,
      replicas: count,
    });
    this.cluster = cluster;
    this.processes = processes;
    this.lokiParts = targets.map(([part]) => part);
    this.ingesters = this.lokiParts.includes("loki") ? "loki" : "write";
    this.workloads = {
      ...Object.fromEntries(targets),
      gateway: beside("Deployment", "gateway", replicas.gateway),
      "chunks-cache": beside("StatefulSet", "chunks-cache", 1),
      "results-cache": beside("StatefulSet", "results-cache", 1),
      minio: workloads.minio,
      alloy: workloads.alloy,
    };
  }

  get parts(): Part[] {
    return Object.keys(this.workloads) as Part[];
  }

  private workload(part: Part): Workload {
    const found = this.workloads[part];
    if (found === undefined) throw new Error(`this topology does not have ${part}`);
    return found;
  }

  /** Its pods, in the order of their names. */
  async podsOf(part: Part): Promise<V1Pod[]> {
    const pods = await this.cluster.podsOf(this.workload(part));
    return pods.sort((a, b) => (a.metadata?.name ?? "").localeCompare(b.metadata?.name ?? ""));
  }

  /** Scales parts to 0 and kills their processes, so that they flush nothing. Leaves the other parts alone. */
  async remove(...parts: Part[]): Promise<void> {
    const end = async (pod: V1Pod) => this.processes.end(pod);
    await Promise.all(parts.map(async (part) => this.cluster.scale(this.workload(part), 0, end)));
  }

  /** Scales parts back to the number in the settings, and waits until they are ready. */
  async restore(...parts: Part[]): Promise<void> {
    await Promise.all(parts.map(async (part) => this.cluster.scale(this.workload(part), this.workload(part).replicas)));
  }

  /** What is not ready yet. */
  async unready(): Promise<string[]> {
    const found = await Promise.all(
      this.parts.map(async (part) => {
        const pods = await this.podsOf(part);
        const ready = pods.filter(isReady).length;
        const { replicas } = this.workload(part);
        return ready === replicas && pods.length === ready ? [] : [`${part}: ${ready} of ${replicas} ready`];
      }),
    );
    return found.flat();
  }

  async allReady(seconds: number): Promise<void> {
    await waitFor("all replicas", seconds, async () => {
      const problems = await this.unready();
      if (problems.length > 0) throw new Error(problems.join(", "));
      return true;
    });
  }
}
