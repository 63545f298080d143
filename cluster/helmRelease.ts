import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** A Helm release by name. */
export interface ReleaseName {
  namespace: string;
  name: string;
}

/** Whether two names are those of one release. */
export function isSameRelease(a: ReleaseName, b: ReleaseName): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/** One revision of a release, as Helm records it in a Secret of the release's namespace. */
export interface HelmRecord {
  namespace: string;
  release: string;
  revision: number;
  /** deployed, superseded, failed, pending-install, pending-upgrade, pending-rollback, uninstalling, … */
  status: string;
  /** Name of the Secret. */
  secret: string;
}

/** Helm's records in the given namespaces; a namespace that does not exist has none. */
export async function helmRecords(kubeConfig: KubeConfig, namespaces: readonly string[]): Promise<HelmRecord[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const { items } = await core.listNamespacedSecret({ namespace, labelSelector: "owner=helm" });
      return items.map(({ metadata }) => ({
        namespace,
        release: metadata?.labels?.name ?? "",
        revision: Number(metadata?.labels?.version),
        status: metadata?.labels?.status ?? "",
        secret: metadata?.name ?? "",
      }));
    }),
  );
  return found.flat();
}
