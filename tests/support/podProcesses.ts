import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { runInside } from "../../local/cluster/init";
import type { Node } from "../../local/cluster/node";
import type { TestCluster } from "./cluster";

/** Kills processes of pods like a crash: at once, without a graceful stop. */
export class PodProcesses {
  constructor(
    private readonly cluster: TestCluster,
    private readonly node: Node,
  ) {}

  /**
   * Sends SIGKILL to the first process of a pod's container, which ends all its other processes too.
   * @returns whether the container had one
   */
  async kill(pod: V1Pod, container?: string): Promise<boolean> {
    const id = await this.containerOf(pod, container);
    if (id === undefined) return false;
    // It may already have ended.
    return this.inContainerd(["tasks", "kill", "--signal", "SIGKILL", id]).then(
      () => true,
      () => false,
    );
  }

  /**
   * For a while, kills it again whenever it is back. Then starts it without the kubelet's delay after repeated crashes.
   */
  async holdDown(pods: readonly V1Pod[], seconds: number, container?: string): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline) {
      await Promise.all(pods.map(async (pod) => this.kill(pod, container)));
      await sleep(200);
    }
    await Promise.all(pods.map(async (pod) => this.replace(pod)));
  }

  /** Kills a pod's first running container, then removes the pod: nothing in it can flush or say goodbye. */
  async end(pod: V1Pod): Promise<void> {
    await this.kill(pod);
    await this.replace(pod);
  }

  /** Removes a pod, so that its controller makes a new one with the same volumes. */
  async replace(pod: V1Pod): Promise<void> {
    await this.cluster.end(pod);
  }

  /** Gives an image of the node another name. */
  async alias(image: string, other: string): Promise<void> {
    await this.inContainerd(["images", "tag", "--force", image, other]);
  }

  private async containerOf({ metadata }: V1Pod, container?: string): Promise<string | undefined> {
    const { status } = await this.cluster.core.readNamespacedPod({
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
    });
    const found = (status?.containerStatuses ?? []).find(
      ({ name, state }) => (container === undefined || name === container) && state?.running !== undefined,
    );
    return found?.containerID?.replace(/^containerd:\/\//, "");
  }

  private async inContainerd(args: readonly string[]): Promise<void> {
    await runInside(this.node, ["ctr", "--namespace=k8s.io", ...args]);
  }
}
