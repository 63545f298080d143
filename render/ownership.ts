import { partLabel, stackLabel } from "../domain/names";
import type { Settings } from "../config/settings";
import type { Part } from "../domain/parts";

/**
 * A stack, as its mark on an object names it. Backends and organizations are not part of it: a stack may move between
 * them.
 */
export interface Owner {
  project: string;
  stack: string;
}

/**
 * Annotation of each object that a stack makes by itself: `<project>/<stack>`. Objects of Helm releases carry Helm's
 * own instead.
 */
export const ownerAnnotation = "logharbor.io/owner";

/** What Helm notes on each object of a release. */
export const helmAnnotations = {
  release: "meta.helm.sh/release-name",
  namespace: "meta.helm.sh/release-namespace",
} as const;

const managedBy = { "app.kubernetes.io/managed-by": "logharbor" } as const;

/** Labels and annotations by which an object is known as the stack's. */
export interface Marks {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export function marksOf(owner: Owner, part: Part): Marks {
  return {
    labels: { ...managedBy, ...stackLabels(owner, part) },
    annotations: { [ownerAnnotation]: ownerText(owner) },
  };
}

export function ownerText({ project, stack }: Owner): string {
  return `${project}/${stack}`;
}

/** Labels that tell pods and objects of a part of this stack from all others. */
export function stackLabels({ stack }: Pick<Owner, "stack">, part: Part): Record<string, string> {
  return { [stackLabel]: labelValue(stack), [partLabel]: part };
}

/** A stack's name as the value of a label, which may be shorter. */
export function labelValue(stack: string): string {
  return stack.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

/** Labels of the pods of a part beside its chart's: only where others' pods may stand beside them. */
export function podLabelsOf(
  part: Part,
  { existingNamespaces }: Pick<Settings, "existingNamespaces">,
  owner: Pick<Owner, "stack">,
): Record<string, string> {
  return existingNamespaces.includes(part) ? stackLabels(owner, part) : {};
}

/**
 * Name of the ClusterRole of Alloy and of its binding. They lie outside of all namespaces, so it holds what no other
 * stack of the cluster can have: the namespace of its Alloy.
 */
export function clusterRoleName({ stack }: Pick<Owner, "stack">, namespace: string): string {
  return `logharbor:${stack}:${namespace}`;
}

/**
 * Folder on each node where an Alloy that reads files keeps its positions: one for each namespace, as several stacks
 * may read on one node.
 */
export function positionsPath(namespace: string): string {
  // That of the default namespace has the name that it always had: elsewhere, an Alloy would read all files again.
  return namespace === "logharbor-alloy" ? "/var/lib/logharbor/alloy" : `/var/lib/logharbor/alloy-${namespace}`;
}
