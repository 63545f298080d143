import type { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../../config/settings";
import { kindsOf, type Inventory } from "./collisions";
import { clusterObjectsOf, kindPaths } from "../../render/objects";
import { usedParts } from "../../domain/parts";
import type { Owner } from "../../render/ownership";
import { Looks } from "../../cluster/looks";
import { foundObject, KubeApi, type FoundObject } from "../../cluster/kubeApi";

/**
 * Reads what exists in the place of a stack with these settings. `unseen` lists what the kubeconfig's user has no right
 * to see. Changes nothing. Rejects if the cluster cannot be reached.
 */
export async function inventory(
  kubeConfig: KubeConfig,
  settings: Settings,
  owner: Owner,
): Promise<{ there: Inventory; unseen: string[] }> {
  const api = new KubeApi(kubeConfig);
  const looks = new Looks();
  const one = async (what: string, kind: string, path: string): Promise<FoundObject[]> =>
    looks.at(what, [], async () => [foundObject(kind, (await api.get<{ metadata: FoundObject }>(path)).metadata)]);

  const names = [...new Set(usedParts(settings).map((part) => settings.namespaces[part]))];
  const namespaces = (
    await Promise.all(names.map(async (name) => one(`namespace ${name}`, "Namespace", `api/v1/namespaces/${name}`)))
  ).flat();
  // A user without the right to see a namespace may still have the right to see what is in it.
  const visible = names.filter(
    (name) => namespaces.some((found) => found.name === name) || looks.unseen.includes(`namespace ${name}`),
  );
  const inside = visible.flatMap((namespace) =>
    kindsOf(settings, owner, namespace).map(async (kind) =>
      looks.at(`${kind}s in ${namespace}`, [], async () =>
        (await api.list(kindPaths[kind], { namespace })).map((metadata) =>
          foundObject(kind, { ...metadata, namespace }),
        ),
      ),
    ),
  );
  const outside = clusterObjectsOf(settings, owner).map(async ({ kind, name }) =>
    one(`${kind} ${name}`, kind, `${kindPaths[kind]}/${encodeURIComponent(name)}`),
  );
  const releases = visible.map(async (namespace) =>
    looks.at(`Helm's records in ${namespace}`, [], async () => {
      const records = await api.list(kindPaths.Secret, { namespace, query: "?labelSelector=owner%3Dhelm" });
      return [...new Set(records.flatMap(({ labels }) => labels?.name ?? []))].map((name) => ({ namespace, name }));
    }),
  );
  const there = {
    namespaces,
    objects: (await Promise.all([...inside, ...outside])).flat(),
    releases: (await Promise.all(releases)).flat(),
  };
  return { there, unseen: looks.unseen };
}
