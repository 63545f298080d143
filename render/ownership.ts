import { partLabel, stackLabel } from "../domain/names";
import type { Settings } from "../config/settings";
import type { Part } from "../domain/parts";

/**
 * A stack, as its mark on an object names it. Backend and organization are not part of the mark, because a stack may
 * move between them.
 */
export interface Owner {
  /** Name of the Pulumi project. */
  project: string;
  /** Name of the stack, without the organization. */
  stack: string;
}

/**
 * Annotation of each object that the program itself makes: `<project>/<stack>`. Objects of Helm releases have Helm's
 * annotations instead.
 */
export const ownerAnnotation = "logharbor.io/owner";

/** Annotations that Helm puts on each object of a release. */
export const helmAnnotations = {
  release: "meta.helm.sh/release-name",
  namespace: "meta.helm.sh/release-namespace",
} as const;

const managedBy = { "app.kubernetes.io/managed-by": "logharbor" } as const;

/** Labels and annotations that mark an object as the stack's. */
export interface Marks {
  /** Labels, by key. */
  labels: Record<string, string>;
  /** Annotations, by key. */
  annotations: Record<string, string>;
}

/** The marks of an object of a part. */
export function marksOf(owner: Owner, part: Part): Marks {
  return {
    labels: { ...managedBy, ...stackLabels(owner, part) },
    annotations: { [ownerAnnotation]: ownerText(owner) },
  };
}

/** The value of the owner annotation: `<project>/<stack>`. */
export function ownerText({ project, stack }: Owner): string {
  return `${project}/${stack}`;
}

/** Labels that distinguish the pods and objects of one part of this stack from all others. */
export function stackLabels({ stack }: Pick<Owner, "stack">, part: Part): Record<string, string> {
  return { [stackLabel]: labelValue(stack), [partLabel]: part };
}

/** A stack's name as the value of a label: cut to 63 characters, with a letter or digit at each end. */
export function labelValue(stack: string): string {
  return stack.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

/** Labels for the pods of a part in addition to its chart's. Empty unless others may have pods in the namespace. */
export function podLabelsOf(
  part: Part,
  { existingNamespaces }: Pick<Settings, "existingNamespaces">,
  owner: Pick<Owner, "stack">,
): Record<string, string> {
  return existingNamespaces.includes(part) ? stackLabels(owner, part) : {};
}

/**
 * Name of Alloy's ClusterRole and its binding. They are outside of namespaces, so the name must differ from that of
 * every other stack in the cluster. The namespace of Alloy in it makes sure of that.
 */
export function clusterRoleName({ stack }: Pick<Owner, "stack">, namespace: string): string {
  return `logharbor:${stack}:${namespace}`;
}

/** Name of the ClusterRole of the reader of events, and of its binding. */
export function eventsRoleName(owner: Pick<Owner, "stack">, namespace: string): string {
  return `${clusterRoleName(owner, namespace)}:events`;
}

/**
 * Folder on each node where an Alloy that reads files keeps its positions. Each namespace has its own, because several
 * stacks may read on the same node.
 */
export function positionsPath(namespace: string): string {
  // The default namespace keeps the path that it has always had. With another one, Alloy would read all files again.
  return namespace === "logharbor-alloy" ? "/var/lib/logharbor/alloy" : `/var/lib/logharbor/alloy-${namespace}`;
}
