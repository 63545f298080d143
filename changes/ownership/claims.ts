import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../../config/settings";
import { isClaimOf } from "./foreignObjects";
import { kindPaths } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import { codeOf } from "../../domain/problem";
import { Looks } from "../../cluster/looks";
import { KubeApi } from "../../cluster/kubeApi";
import type { ReleaseName } from "../../cluster/helmRelease";

/** Where to find a volume claim. */
export interface Claim {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
}

/**
 * Volume claims of the stack's StatefulSets in namespaces that the stack did not create. Kubernetes keeps claims when
 * their release is removed. In namespaces that the stack created, they are deleted with the namespace.
 * @param releases the stack's Helm releases; claims of other releases are not included
 */
export async function outlivingClaims(
  kubeConfig: KubeConfig,
  settings: Settings,
  releases: readonly ReleaseName[],
): Promise<Claim[]> {
  const api = new KubeApi(kubeConfig);
  const looks = new Looks();
  const parts = usedParts(settings).filter((part) => settings.existingNamespaces.includes(part));
  const found = parts.map(async (part): Promise<Claim[]> => {
    const namespace = settings.namespaces[part];
    if (!releases.some((release) => release.name === part && release.namespace === namespace)) return [];
    const claims = await looks.at(`claims in ${namespace}`, [], async () =>
      api.list(kindPaths.PersistentVolumeClaim, { namespace }),
    );
    return claims
      .filter(({ name, labels = {} }) => isClaimOf(part, name, labels))
      .map(({ name }) => ({ namespace, name }));
  });
  return (await Promise.all(found)).flat();
}

/** Deletes volume claims, and the data in them. It is no error if one is already gone. */
export async function removeClaims(kubeConfig: KubeConfig, claims: readonly Claim[]): Promise<void> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  for (const claim of claims) {
    try {
      await core.deleteNamespacedPersistentVolumeClaim(claim);
    } catch (error) {
      if (codeOf(error) !== 404) throw error;
    }
  }
}
