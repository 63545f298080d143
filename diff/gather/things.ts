import { isObject, textAt, without, type Json, type JsonObject } from "../json";
import { secretMark } from "../marks";
import { Sealed, sealed, type Open } from "../sealed";
import { isClusterWide, type Maker, type Thing } from "../thing";
import type { Recorded } from "./recorder";

/** A resource of Pulumi: as a program registers it, or as a state holds it. */
interface Resource {
  type: string;
  name: string;
  inputs: { [key: string]: Open };
  step?: number;
}

/** Type of a Helm release. */
export const releaseType = "kubernetes:helm.sh/v3:Release";

/** The objects that a program makes itself, in Kubernetes and in MinIO. Pure. */
export function thingsOfProgram(resources: readonly Recorded[]): Thing[] {
  const steps = stepsOf(resources);
  return resources
    .filter(({ custom }) => custom)
    .flatMap(({ type, name, inputs, clearInputs }) =>
      thingOf({ type, name, inputs: sealedBy(inputs, clearInputs) as Resource["inputs"], step: steps.get(name) }),
    );
}

/** The same of a state. Pure. */
export function thingsOfState(
  resources: readonly { urn: string; type: string; delete?: boolean; inputs?: Record<string, unknown> }[],
): Thing[] {
  return resources
    .filter((resource) => resource.delete !== true)
    .flatMap(({ urn, type, inputs = {} }) =>
      thingOf({ type, name: urn.split("::").at(-1) ?? "", inputs: sealed(inputs as JsonObject) as Resource["inputs"] }),
    );
}

/** The objects of a Helm release. Those without a namespace of their own are in that of the release. Pure. */
export function thingsOfRelease(
  release: { name: string; namespace: string; step?: number },
  manifests: readonly unknown[],
): Thing[] {
  return manifests.filter(isObject).map((manifest) => {
    const kind = textAt(manifest, "kind") ?? "";
    const namespace = textAt(manifest, "metadata", "namespace") ?? release.namespace;
    return {
      maker: `release ${release.name}`,
      kind,
      name: textAt(manifest, "metadata", "name") ?? "",
      ...(isClusterWide(kind) ? {} : { namespace }),
      ...(release.step === undefined ? {} : { step: release.step }),
      content: withoutPlace(manifest),
    };
  });
}

/** How many resources come one after the other before each, by name. Pure. */
export function stepsOf(resources: readonly Pick<Recorded, "name" | "parent" | "dependencies">[]): Map<string, number> {
  const steps = new Map<string, number>();
  // A program registers a resource after those that it depends on. What is in a component waits for it, and it waits
  // for what it depends on itself.
  for (const { name, parent, dependencies } of resources)
    steps.set(name, Math.max(0, ...[parent, ...dependencies].map((before) => (steps.get(before) ?? -1) + 1)));
  return steps;
}

/** Inputs with each value sealed that is masked in the other form of them. */
export function sealedBy(masked: Json | undefined, clear: Json): Open {
  if (masked === secretMark) return new Sealed(clear);
  if (Array.isArray(clear))
    return clear.map((item, index) => sealedBy(Array.isArray(masked) ? masked[index] : undefined, item));
  if (!isObject(clear)) return clear;
  return Object.fromEntries(
    Object.entries(clear).map(([key, value]) => [key, sealedBy(isObject(masked) ? masked[key] : undefined, value)]),
  );
}

function thingOf({ type, name, inputs, step }: Resource): Thing[] {
  const at = step === undefined ? {} : { step };
  const kind = type.split(":").at(-1) ?? "";
  if (type.startsWith("minio:")) {
    const { maker, content } = { maker: "MinIO" satisfies Maker, content: withoutDefaults(inputs) } as const;
    return [{ maker, kind, name: nameInMinio(inputs) ?? name, ...at, content }];
  }
  if (!type.startsWith("kubernetes:") || type === releaseType) return [];
  const metadata = (inputs.metadata ?? {}) as { name?: string; namespace?: string };
  return [
    {
      maker: "stack",
      kind,
      name: metadata.name ?? name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...at,
      content: withoutPlace(inputs),
    },
  ];
}

/** A bucket by its name, a user or policy by its own, an attachment by both of its ends. */
function nameInMinio({ bucket, name, userName, policyName }: Resource["inputs"]): string | undefined {
  const names = userName === undefined ? [name ?? bucket] : [userName, policyName];
  const known = names.filter((part) => typeof part === "string");
  return known.length === 0 ? undefined : known.join(" ");
}

/** A state has the provider's defaults, a program has not. */
function withoutDefaults(inputs: Resource["inputs"]): Resource["inputs"] {
  return Object.fromEntries(
    Object.entries(inputs).filter(
      ([key, value]) => key !== "__defaults" && value !== false && value !== "" && value !== null,
    ),
  );
}

/** Without what tells which object it is, and what nobody sets. */
function withoutPlace(content: { [key: string]: Open }): { [key: string]: Open } {
  const { apiVersion = null, kind = null, metadata, ...rest } = without(content, "status");
  const kept = without((metadata ?? {}) as { [key: string]: Open }, "namespace", "creationTimestamp");
  return { apiVersion, kind, metadata: kept, ...rest };
}
