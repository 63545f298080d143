import type { Deployment } from "@pulumi/pulumi/automation";
import { partNames } from "../domain/parts";
import type { ReleaseName } from "../cluster/helmRelease";
import type { KnownNamespace } from "../changes/ownership/foreign";
import { objectKey } from "../changes/ownership/collisions";
import { partLabel } from "../domain/names";

/*
 * Functions that read and change a stack's exported state. All pure.
 */

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  protect?: boolean;
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface PendingOperation {
  type: string;
  resource: StateResource;
}

interface State {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

const releaseType = "kubernetes:helm.sh/v3:Release";

export function resourcesOf({ deployment }: Deployment): StateResource[] {
  return (deployment as State | undefined)?.resources ?? [];
}

/** Types of the MinIO provider: the kind of object, and the input that holds its name. */
const inStore: Record<string, [kind: string, input: string]> = {
  "minio:index/s3Bucket:S3Bucket": ["Bucket", "bucket"],
  "minio:index/iamUser:IamUser": ["User", "name"],
  "minio:index/iamPolicy:IamPolicy": ["Policy", "name"],
};

/**
 * Keys of the objects in the cluster and in MinIO that the state holds, including those whose creation began but was
 * not recorded.
 */
export function knownObjects(deployment: Deployment): Set<string> {
  const begun = pendingOperations(deployment).map(({ resource }) => resource);
  return new Set(
    [...resourcesOf(deployment), ...begun]
      .filter(({ type }) => type.startsWith("kubernetes:") || type in inStore)
      .flatMap((resource) => {
        const [stored, input = ""] = inStore[resource.type] ?? [];
        const value = resource.inputs?.[input];
        if (stored !== undefined) return typeof value === "string" ? [objectKey(stored, value)] : [];
        const kind = resource.type.split(":").at(-1) ?? "";
        const [release] = releaseName(resource);
        if (release !== undefined) return [objectKey(kind, release.name, release.namespace)];
        const { name, namespace } = (resource.outputs?.metadata ?? resource.inputs?.metadata ?? {}) as {
          name?: string;
          namespace?: string;
        };
        return name === undefined ? [] : [objectKey(kind, name, namespace)];
      }),
  );
}

/** The namespaces in the state. A destroy deletes them with everything in them. */
export function knownNamespaces(deployment: Deployment): KnownNamespace[] {
  return resourcesOf(deployment)
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .flatMap(({ inputs }) => {
      const { name, labels } = (inputs?.metadata ?? {}) as { name?: string; labels?: Record<string, string> };
      const part = partNames.find((candidate) => candidate === labels?.[partLabel]);
      return name === undefined || part === undefined ? [] : [{ name, part }];
    });
}

/** Resources of the MinIO provider: a refresh drops them from the state if it can't reach MinIO. */
export function minioResources(deployment: Deployment): StateResource[] {
  return resourcesOf(deployment).filter(({ type }) => type.startsWith("minio:"));
}

/** Resources that a destroy refuses to delete. */
export function protectedResources(deployment: Deployment): StateResource[] {
  return resourcesOf(deployment).filter(({ protect, delete: replaced }) => protect === true && replaced !== true);
}

/** Operations that a killed run had begun, and whose end the state does not know. */
export function pendingOperations({ deployment }: Deployment): PendingOperation[] {
  return (deployment as State | undefined)?.pending_operations ?? [];
}

/** The releases that the state holds. */
export function knownReleases(deployment: Deployment): ReleaseName[] {
  return resourcesOf(deployment).flatMap(releaseName);
}

/** The releases whose first creation began but was never recorded. */
export function unfinishedReleases(deployment: Deployment): ReleaseName[] {
  return pendingOperations(deployment)
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => releaseName(resource));
}

/**
 * The same state without its pending operations; every resource stays. A release whose upgrade was interrupted gets a
 * description that the program never gives it. The next `up` therefore upgrades it even if its settings were set back:
 * the cluster may hold some of what the upgrade brought.
 */
export function mended(deployment: Deployment, interrupted: readonly ReleaseName[]): Deployment {
  const resources = resourcesOf(deployment).map((resource) => {
    const [own] = releaseName(resource);
    const wasInterrupted =
      own !== undefined && interrupted.some(({ namespace, name }) => own.namespace === namespace && own.name === name);
    return wasInterrupted
      ? { ...resource, outputs: { ...resource.outputs, description: "upgrade interrupted" } }
      : resource;
  });
  const state = deployment.deployment as State | undefined;
  return {
    ...deployment,
    deployment: { ...state, ...(state?.resources === undefined ? {} : { resources }), pending_operations: [] },
  };
}

function releaseName({ type, inputs, outputs }: StateResource): ReleaseName[] {
  const name = inputs?.name ?? outputs?.name;
  const namespace = inputs?.namespace ?? outputs?.namespace;
  return type === releaseType && typeof name === "string" && typeof namespace === "string" ? [{ namespace, name }] : [];
}
