import type { Deployment } from "@pulumi/pulumi/automation";
import type { Inventory } from "../changes/ownership/collisions";
import { OperatorError } from "../domain/problem";
import { ownerAnnotation, ownerText, type Owner } from "../render/ownership";
import { inCluster, recordedCluster, resourcesOf, withoutCluster } from "./state";

/** What {@link LogStack.clusterReplaced} did to the state. */
export interface ClusterReplaced {
  /** Whether the new cluster holds the stack's objects, for example from a backup. The state then still has all. */
  restored: boolean;
  /** How many resources were taken out of the state. The next `up` makes them anew. */
  forgotten: number;
}

/**
 * The state of a stack whose cluster was replaced. Pure.
 * @param found the identity of the new cluster; undefined if it may not be seen
 * @param there what the new cluster holds in the stack's place
 * @throws OperatorError if the state does not describe another cluster
 */
export function afterReplacement(
  owner: Owner,
  state: Deployment,
  { found, there }: { found: string | undefined; there: Inventory },
): ClusterReplaced & { state: Deployment } {
  const { stack } = owner;
  const recorded = recordedCluster(state);
  if (recorded === undefined)
    throw new OperatorError(`The state of stack "${stack}" does not say which cluster it describes.`, [
      `if that cluster is still there: npm run up -- --stack ${stack} notes it`,
      `if it is gone, give up its state: pulumi stack rm --force ${stack}, then npm run up -- --stack ${stack}`,
    ]);
  if (found === undefined)
    throw new OperatorError(
      "You lack the right to see the namespace kube-system, which tells one cluster from another.",
      "ask the cluster's administrator for the right to get that namespace",
    );
  if (found === recorded)
    throw new OperatorError(`Stack "${stack}" is in the cluster that its config names: it was not replaced.`, [
      `if somebody removed the stack's objects: npm run refresh -- --stack ${stack}, then npm run up -- --stack ${stack}`,
      "if another cluster replaces it, name that one: pulumi config set kubernetes:context NAME",
    ]);
  const isOwn = ({ annotations }: { annotations: Record<string, string> }) =>
    annotations[ownerAnnotation] === ownerText(owner);
  const restored = [...there.namespaces, ...there.objects].some(isOwn);
  const after = restored ? inCluster(state, found) : withoutCluster(state);
  return { restored, forgotten: resourcesOf(state).length - resourcesOf(after).length, state: after };
}
