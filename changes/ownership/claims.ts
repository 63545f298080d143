import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../../config/settings";
import { isClaimOf } from "./foreignObjects";
import { kindPaths } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import { codeOf } from "../../domain/problem";
import { Looks } from "../../cluster/looks";
import { KubeApi } from "../../cluster/kubeApi";
import type { ReleaseName } from "../../cluster/helmRelease";

/** A volume claim by name. */
export interface Claim {
  namespace: string;
  name: string;
}

/**
 * Claims of the stack's StatefulSets in namespaces that outlive it. Kubernetes keeps them when a release goes; in a
 * namespace of the stack's own they go with that.
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
