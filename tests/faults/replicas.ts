import type { V1Pod } from "@kubernetes/client-node";
import { topologyPlan } from "../../render/topologies";
import { isReady, type TestCluster, type Workload } from "../e2e/support/cluster";
import type { Platform } from "../e2e/support/platform";
import { waitFor } from "../e2e/support/wait";

/** Parts of the distributed platform, each with its replicas. */
export type Part = "write" | "read" | "backend" | "gateway" | "minio" | "alloy";

/** The pods of each part. */
export class Replicas {
  private readonly cluster: TestCluster;
  private readonly workloads: Record<Part, Workload>;

  constructor({ cluster, lokiTargets, settings, workloads }: Platform) {
    const target = (name: Part) => {
      const found = lokiTargets.find((workload) => workload.name === `loki-${name}`);
      if (found === undefined) throw new Error(`topology ${settings.topology} has no target ${name}`);
      return found;
    };
    const gateway: Workload = { kind: "Deployment", namespace: settings.namespaces.loki, name: "loki-gateway", replicas: topologyPlan(settings).replicas.gateway };
    this.cluster = cluster;
    this.workloads = { write: target("write"), read: target("read"), backend: target("backend"), gateway, minio: workloads.minio, alloy: workloads.alloy };
  }

  get parts(): Part[] {
    return Object.keys(this.workloads) as Part[];
  }

  /** Its pods, in the order of their names. */
  async podsOf(part: Part): Promise<V1Pod[]> {
    const pods = await this.cluster.podsOf(this.workloads[part]);
    return pods.sort((a, b) => (a.metadata?.name ?? "").localeCompare(b.metadata?.name ?? ""));
  }

  /** Scales parts to nothing; the others are left alone. */
  async remove(...parts: Part[]): Promise<void> {
    await Promise.all(parts.map(async (part) => this.cluster.scale(this.workloads[part], 0)));
  }

  /** Scales parts to what the settings say, and waits until they are ready. */
  async restore(...parts: Part[]): Promise<void> {
    await Promise.all(parts.map(async (part) => this.cluster.scale(this.workloads[part], this.workloads[part].replicas)));
  }

  /** What is not as it should be. */
  async unready(): Promise<string[]> {
    const found = await Promise.all(
      this.parts.map(async (part) => {
        const pods = await this.podsOf(part);
        const ready = pods.filter(isReady).length;
        const { replicas } = this.workloads[part];
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
