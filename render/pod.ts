import type { Image, Resources } from "../config/settings";

/** Labels of pods in addition to those of their chart. */
export type Labels = Readonly<Record<string, string>>;

/** Values of a Helm chart: plain JSON. */
export type Values = { [key: string]: unknown };

/**
 * `resources` of a container.
 * @param nodeDisk most that its pod may write to the node's own disk, as a Kubernetes quantity: output, and everything
 * outside of volumes. Default: 1Gi
 */
export function containerResources(
  { cpuRequest, memoryRequest, cpuLimit, memoryLimit }: Resources,
  nodeDisk = "1Gi",
): Values {
  return {
    requests: { cpu: cpuRequest, memory: memoryRequest, "ephemeral-storage": "64Mi" },
    limits: {
      ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }),
      memory: memoryLimit,
      "ephemeral-storage": nodeDisk,
    },
  };
}

/** Container security context that Pod Security `restricted` accepts, with a read-only root. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * Pod security context that Pod Security `restricted` accepts. Without `fixedUserIds`, the platform assigns user and
 * groups.
 */
export function restrictedPod(user: number, { fixedUserIds }: { fixedUserIds: boolean }): Values {
  return {
    runAsNonRoot: true,
    ...(fixedUserIds ? { runAsUser: user, runAsGroup: user, fsGroup: user } : {}),
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What the pods that no chart makes have in common: their pull secrets, and what Pod Security `restricted` asks. */
export function ownPod(
  user: number,
  { fixedUserIds, pullSecrets }: { fixedUserIds: boolean; pullSecrets: readonly string[] },
): Values {
  return {
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: secretRefs(pullSecrets) }),
    securityContext: restrictedPod(user, { fixedUserIds }),
  };
}

/** What the container of such a pod has. */
export function ownContainer({ image, resources }: { image: Image; resources: Resources }): Values {
  return {
    image: imageReference(image),
    resources: containerResources(resources),
    securityContext: restrictedContainer,
  };
}

/** Label with the operating system of a node. */
export const osLabel = "kubernetes.io/os";

/** An environment variable with the pod's own address, of the cluster's first family. */
export const podAddress = { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } } as const;

/** For a chart that names ids by default: nothing with `fixedUserIds`, else null, which takes the chart's away. */
export function chartIds({ fixedUserIds }: { fixedUserIds: boolean }): Values {
  return fixedUserIds ? {} : { runAsUser: null, runAsGroup: null, fsGroup: null };
}

/** The image with the mirror's registry in place of its own. Unchanged without a mirror. */
export function mirrored(image: Image, mirror: string | undefined): Image {
  return mirror === undefined ? image : { ...image, registry: mirror };
}

/** The image as a pod names it: by its digest if it has one, else by its tag. */
export function imageReference({ registry, repository, tag, digest }: Image): string {
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

/** `pullSecrets` as the list of references that pod specs take. */
export function secretRefs(names: readonly string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}

/** `storageClass` only if one is set. An empty one would request volumes that are made by hand. */
export function storageClassValue(storageClass: string | undefined): Values {
  return storageClass === undefined ? {} : { storageClass };
}
