import type { Deployment } from "@pulumi/pulumi/automation";
import { partNames } from "../domain/parts";
import { isSameRelease, type ReleaseName } from "../cluster/helmRelease";
import type { KnownNamespace } from "../changes/ownership/foreign";
import { objectKey } from "../changes/ownership/collisions";
import { partLabel } from "../domain/names";
import type { StackOutputs } from "../render/outputs";

/*
 * Functions that read and change a stack's exported state. All pure.
 */

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  deletedWith?: string;
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

const stackType = "pulumi:pulumi:Stack";
const releaseType = "kubernetes:helm.sh/v3:Release";

export function resourcesOf({ deployment }: Deployment): StateResource[] {
  return (deployment as State | undefined)?.resources ?? [];
}

/** The cluster that the state describes, as the last `up` noted it. Undefined before that. */
export function recordedCluster(deployment: Deployment): string | undefined {
  const stack = resourcesOf(deployment).find(({ type }) => type === stackType);
  return (stack?.outputs as Partial<StackOutputs> | undefined)?.cluster;
}

/** The same state for another cluster, which holds all that the first one held. */
export function inCluster(deployment: Deployment, cluster: string | undefined): Deployment {
  return withResources(
    deployment,
    resourcesOf(deployment).map((resource) => {
      if (resource.type !== stackType) return resource;
      const outputs: Record<string, unknown> = { ...resource.outputs, cluster };
      if (cluster === undefined) delete outputs.cluster;
      return { ...resource, outputs };
    }),
  );
}

/**
 * The same state without a cluster and all that was in it: the next `up` makes that anew. The generated passwords stay.
 */
export function withoutCluster(deployment: Deployment): Deployment {
  const lost = resourcesOf(deployment).filter(({ type }) => /^(pulumi:providers:)?(kubernetes|minio)(:|$)/.test(type));
  return inCluster(without(deployment, lost), undefined);
}

/** The same state without some resources, and without any mention of them. Nothing is pending in it. */
export function without(deployment: Deployment, gone: readonly StateResource[]): Deployment {
  const urns = new Set(gone.map(({ urn }) => urn));
  const stays = (urn: string) => !urns.has(urn);
  const resources = resourcesOf(deployment)
    .filter(({ urn }) => stays(urn))
    .map(({ deletedWith, ...resource }) => ({
      ...resource,
      ...(deletedWith === undefined || !stays(deletedWith) ? {} : { deletedWith }),
      ...(resource.dependencies && { dependencies: resource.dependencies.filter(stays) }),
      ...(resource.propertyDependencies && {
        propertyDependencies: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([name, on]) => [name, on.filter(stays)]),
        ),
      }),
    }));
  return withResources(deployment, resources);
}

const bucketType = "minio:index/s3Bucket:S3Bucket";

/** Types of the MinIO provider: the kind of object, and the input that holds its name. */
const inStore: Record<string, [kind: string, input: string]> = {
  [bucketType]: ["Bucket", "bucket"],
  "minio:index/iamUser:IamUser": ["User", "name"],
  "minio:index/iamPolicy:IamPolicy": ["Policy", "name"],
};

/**
 * Keys of the objects in the cluster and in MinIO that the state holds, including those whose creation began but was
 * not recorded.
 */
export function knownObjects(deployment: Deployment): Set<string> {
  return keysOf([...resourcesOf(deployment), ...pendingOperations(deployment).map(({ resource }) => resource)]);
}

/** Keys of the objects whose creation began but was not recorded. They may exist or not. */
export function begunObjects(deployment: Deployment): Set<string> {
  const recorded = keysOf(resourcesOf(deployment));
  return new Set([...knownObjects(deployment)].filter((key) => !recorded.has(key)));
}

function keysOf(resources: readonly StateResource[]): Set<string> {
  return new Set(
    resources
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

/**
 * The same state with buckets of the stack that it had lost: the provider would refuse to make what exists. Users and
 * policies need no such help, since making them again only writes them again.
 * @param roles what the program calls each bucket, by the bucket's name
 */
export function withBuckets(
  deployment: Deployment,
  buckets: readonly string[],
  { roles, protect }: { roles: Readonly<Record<string, string>>; protect: boolean },
): Deployment {
  const resources = resourcesOf(deployment);
  const store = resources.find(({ type }) => type === "logharbor:index:ObjectStore");
  const provider = resources.find(({ type }) => type === "pulumi:providers:minio");
  if (store === undefined || provider === undefined) return deployment;
  const [, home = "", name = ""] = /^(.*)::(.*)$/.exec(store.urn) ?? [];
  const back = buckets.map((bucket) => {
    const inputs = { acl: "private", bucket };
    return {
      urn: `${home}$${bucketType}::${name}-${roles[bucket]}`,
      type: bucketType,
      custom: true,
      id: bucket,
      inputs,
      outputs: inputs,
      parent: store.urn,
      provider: `${provider.urn}::${provider.id}`,
      ...(protect ? { protect } : {}),
    };
  });
  const state = deployment.deployment as State | undefined;
  return { ...deployment, deployment: { ...state, resources: [...resources, ...back] } };
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

/** What is not as the state has it, or will not be. */
export interface Mending {
  /** Releases to upgrade again: their upgrade was interrupted, or somebody changed what it made. Default: none. */
  interrupted?: readonly ReleaseName[];
  /** Releases that Helm does not know any more. Default: none. */
  gone?: readonly ReleaseName[];
}

/**
 * The same state without its pending operations and without releases that are gone; every other resource stays. A
 * release to upgrade again gets a description that the program never gives it. The next `up` therefore
 * upgrades it even if its settings were set back: the cluster may hold something else than the state says.
 */
export function mended(deployment: Deployment, { interrupted = [], gone = [] }: Mending = {}): Deployment {
  const isOneOf = (names: readonly ReleaseName[], resource: StateResource) =>
    releaseName(resource).some((own) => names.some((name) => isSameRelease(own, name)));
  const resources = resourcesOf(deployment).map((resource) =>
    isOneOf(interrupted, resource)
      ? { ...resource, outputs: { ...resource.outputs, description: "upgrade interrupted" } }
      : resource,
  );
  return without(
    withResources(deployment, resources),
    resources.filter((resource) => isOneOf(gone, resource)),
  );
}

function withResources(deployment: Deployment, resources: StateResource[]): Deployment {
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
