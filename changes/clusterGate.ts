import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { clusterIdentity } from "../cluster/identity";
import { OperatorError, textOf } from "../domain/problem";
import type { StackOutputs } from "../render/outputs";
import { lookAtCluster } from "./gate";

/** The stack's state describes another cluster than the one that its config names. */
export class OtherClusterError extends OperatorError {
  constructor(
    stack: string,
    readonly clusters: { readonly recorded: string; readonly found: string },
    where: Pick<KubeConfig, "getCurrentContext" | "getCurrentCluster">,
  ) {
    super(
      `Stack "${stack}" is in another cluster than the one that its config names now, so nothing was touched: ` +
        `context ${where.getCurrentContext()} (${where.getCurrentCluster()?.server}) has kube-system ${clusters.found}, ` +
        `the stack's cluster has ${clusters.recorded}.`,
      [
        "name the stack's cluster again: pulumi config set kubernetes:context NAME, or another kubeconfig",
        "for a platform in this cluster too, use a second stack: npm run init -- --stack NAME",
        `if the stack's cluster is gone and this one replaces it: npm run cluster-replaced -- --stack ${stack}`,
      ],
      { code: "other-cluster" },
    );
    this.name = "OtherClusterError";
  }
}

/**
 * Refuses a cluster other than the one that the stack's state describes, before anything is registered, in every run of
 * the program. Warns if it could not compare them.
 * @returns the identity of the stack's cluster, for the state; undefined if it is not known yet
 * @throws OtherClusterError
 */
export async function passClusterGate(stack: string): Promise<string | undefined> {
  const recorded = await recordedCluster(stack);
  const found = await lookAtCluster("whether this is the stack's cluster", async (kubeConfig) => ({
    kubeConfig,
    cluster: await clusterIdentity(kubeConfig),
  }));
  if (found === undefined) return recorded;
  const { cluster, kubeConfig } = found;
  if (cluster === undefined)
    await pulumi.log.warn("not checked: whether this is the stack's cluster; no right to see namespace kube-system");
  else if (recorded !== undefined && recorded !== cluster)
    throw new OtherClusterError(stack, { recorded, found: cluster }, kubeConfig);
  return cluster ?? recorded;
}

/** The cluster in the outputs of the stack's last `up`, which the engine reads for its program. */
async function recordedCluster(stack: string): Promise<string | undefined> {
  try {
    const organization = pulumi.getOrganization();
    // What the engine calls the organization of a backend that has none.
    const name = organization === "organization" ? stack : `${organization}/${pulumi.getProject()}/${stack}`;
    const read: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return (read as { outputs?: Partial<StackOutputs> }).outputs?.cluster;
  } catch (error) {
    await pulumi.log.warn(
      `not checked: whether this is the stack's cluster; its outputs could not be read (${textOf(error).split("\n")[0]})`,
    );
    return undefined;
  }
}
