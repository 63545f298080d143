import { parse } from "yaml";

/** A resource as a policy sees it. */
export interface Resource {
  type: string;
  name: string;
  /** Its inputs while it is being made, its outputs once the stack is done. */
  props: Record<string, unknown>;
  /** Whether the engine refuses to delete it. */
  protect: boolean;
}

export const types = {
  release: "kubernetes:helm.sh/v3:Release",
  namespace: "kubernetes:core/v1:Namespace",
  configMap: "kubernetes:core/v1:ConfigMap",
  bucket: "minio:index/s3Bucket:S3Bucket",
  stack: "logharbor:index:LoggingStack",
} as const;

/** The value at `path` below `node`, or undefined. */
export function at(node: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    node,
  );
}

/** A value that should be text; empty if it is not. */
export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Values of a Helm release. Containers that its chart takes as text are parsed: that is YAML. */
export function chartValues(props: Resource["props"]): unknown {
  return withContainers(props.values, "");
}

function withContainers(node: unknown, key: string): unknown {
  if (typeof node === "string") return /containers$/i.test(key) ? (parse(node) as unknown) : node;
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => withContainers(item, ""));
  return Object.fromEntries(Object.entries(node).map(([name, below]) => [name, withContainers(below, name)]));
}
