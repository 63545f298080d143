import type { Json } from "./json";
import type { Open } from "./sealed";

/** Who makes an object: a Helm release, the program itself, or the program inside MinIO. */
export type Maker = "stack" | "MinIO" | `release ${string}`;

/** One object on one side of a comparison. */
export interface Thing<Content = Open> {
  maker: Maker;
  /** Kind, in Kubernetes or in MinIO. */
  kind: string;
  /** Its name there. */
  name: string;
  /** Its namespace. Undefined outside of namespaces. */
  namespace?: string;
  /** How many steps of an `up` come before the one that makes it. Default: unknown. */
  step?: number;
  /** What it says. */
  content: Content;
}

/** An object whose secrets nobody can read any more. */
export type MaskedThing = Thing<Json>;

/** What tells an object from all others of its side. An object that changes its maker stays the same object. */
export function thingKey({ kind, name, namespace }: Pick<Thing<unknown>, "kind" | "name" | "namespace">): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** Kinds outside of namespaces. Whatever else has no namespace of its own is in that of its release. */
const clusterWide = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "RuntimeClass",
  "SecurityContextConstraints",
  "StorageClass",
  "ValidatingWebhookConfiguration",
]);

/** Whether objects of a kind are outside of namespaces. */
export function isClusterWide(kind: string): boolean {
  return clusterWide.has(kind);
}
