import type { Settings } from "../../config/settings";
import { objectKey, type Inventory } from "../../changes/ownership/collisions";
import type { FoundObject } from "../../cluster/kubeApi";
import { objectsOf } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import { helmAnnotations, type Owner } from "../../render/ownership";
import type { Recorded } from "./recorder";
import { textAt } from "./tree";

/** The stack in the recorder's mocks. */
export const recordedOwner: Owner = { project: "logharbor", stack: "test" };

/** Kubernetes objects that a program itself registers, with their metadata. */
export function madeObjects(resources: readonly Recorded[]): FoundObject[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith(":Release") && !type.endsWith("Patch"))
    .map(({ type, inputs }) => {
      const metadata = inputs.metadata as {
        name: string;
        namespace?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      return {
        kind: type.split(":").at(-1) ?? "",
        labels: {},
        annotations: {},
        managers: ["pulumi-kubernetes-1a2b3c4d"],
        ...metadata,
      };
    });
}

/**
 * Replaces a cluster that runs the stack: what the program makes, and what its charts would have made. It does not
 * prove what a real cluster shows.
 */
export function inventoryOf(resources: readonly Recorded[], settings: Settings, owner = recordedOwner): Inventory {
  const made = madeObjects(resources);
  const ofReleases = objectsOf(settings, owner)
    .filter(({ by }) => by === "release")
    .map(({ kind, name, part }) => ({
      kind,
      name,
      namespace: settings.namespaces[part],
      labels: { "app.kubernetes.io/managed-by": "Helm" },
      annotations: { [helmAnnotations.release]: part, [helmAnnotations.namespace]: settings.namespaces[part] },
      managers: ["helm"],
    }));
  return {
    namespaces: made.filter(({ kind }) => kind === "Namespace"),
    objects: [...made.filter(({ kind }) => kind !== "Namespace"), ...ofReleases],
    releases: usedParts(settings).map((part) => ({ namespace: settings.namespaces[part], name: part })),
  };
}

/** The same objects, named as in a stack's state. */
export function stateOf(resources: readonly Recorded[]): Set<string> {
  const releases = resources
    .filter(({ type }) => type.endsWith(":Release"))
    .map(({ inputs }) => objectKey("Release", textAt(inputs, "name"), textAt(inputs, "namespace")));
  return new Set([
    ...madeObjects(resources).map(({ kind, name, namespace }) => objectKey(kind, name, namespace)),
    ...releases,
  ]);
}
