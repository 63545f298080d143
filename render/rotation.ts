import type { Settings } from "../config/settings";
import { wordFor, type Credential, type Generation } from "../domain/credentials";
import { hasMinio } from "../domain/objectStore";
import type { Labels } from "./pod";

/** The valid generations of a credential. */
export function generationOf({ rotation }: Pick<Settings, "rotation">, credential: Credential): Generation {
  const current = rotation[credential];
  return rotation.unfinished.includes(credential) ? { current, previous: current - 1 } : { current };
}

/**
 * Annotations of pods that read a credential when they start: a new generation restarts them. The number is enough, and
 * unlike a hash of the Secret it is no secret itself. The first generation has none, so that pods made before there was
 * a rotation stay.
 */
export function generationAnnotations(credential: Credential, { current }: Generation): Labels {
  return current === 1 ? {} : { [annotationOf(credential)]: String(current) };
}

/** The generation of a credential that pods with these annotations read. */
export function annotatedGeneration(credential: Credential, annotations: Labels = {}): number {
  return Number(annotations[annotationOf(credential)] ?? 1);
}

function annotationOf(credential: Credential): string {
  return `logharbor.io/${wordFor(credential)}-generation`;
}

/** `podAnnotations` of a chart, only if there are some. */
export function podAnnotations(annotations: Labels): { podAnnotations?: Labels } {
  return Object.keys(annotations).length === 0 ? {} : { podAnnotations: annotations };
}

/** The credentials that a stack has. */
export function credentialsOf({
  gateway,
  grafana,
  objectStore,
}: Pick<Settings, "gateway" | "grafana" | "objectStore">): Credential[] {
  return [
    ...(gateway.authentication === "basic" ? (["gateway"] as const) : []),
    ...(grafana.enabled ? (["grafana"] as const) : []),
    ...(hasMinio(objectStore) ? (["lokiStore", "minioRoot"] as const) : []),
  ];
}
