import { AppsV1Api, BatchV1Api, CoreV1Api, StorageV1Api, type KubeConfig, type V1Deployment, type V1PersistentVolumeClaim, type V1StatefulSet } from "@kubernetes/client-node";
import { parse } from "yaml";
import type { Settings } from "../config/settings";
import type { Existing, ExistingLokiConfig, ExistingPart, ExistingWorkload, Volume } from "../render/dangers";
import { partLabel, stackLabel, tierAnnotation, tierJobName } from "../render/names";
import { codeOf } from "./errors";

/** What there is of a stack in its cluster, and what could not be seen for want of rights. Nothing is changed. Rejects where the cluster can't be reached. */
export async function existingStack(kubeConfig: KubeConfig, stack: string, { namespaces }: Pick<Settings, "namespaces">): Promise<{ existing: Existing; unseen: string[] }> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const unseen: string[] = [];
  const seen = async <T>(what: string, nothing: T, look: () => Promise<T>): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (codeOf(error) === 404) return nothing;
      if (codeOf(error) !== 403 && codeOf(error) !== 401) throw error;
      unseen.push(what);
      return nothing;
    }
  };

  const labelled = await seen("namespaces", [], async () => (await core.listNamespace({ labelSelector: `${stackLabel}=${stack}` })).items);
  const homes = labelled.flatMap(({ metadata }) => {
    const part = metadata?.labels?.[partLabel];
    return part === "minio" || part === "loki" ? [{ part, name: metadata?.name ?? "" } as const] : [];
  });
  const classes = await seen("StorageClasses", [], async () => (await kubeConfig.makeApiClient(StorageV1Api).listStorageClass()).items);
  const expandable = new Set(classes.filter(({ allowVolumeExpansion }) => allowVolumeExpansion === true).map(({ metadata }) => metadata?.name));
  const part = async (namespace: string): Promise<ExistingPart> => {
    const apps = kubeConfig.makeApiClient(AppsV1Api);
    const sets = await seen(`StatefulSets in ${namespace}`, [], async () => (await apps.listNamespacedStatefulSet({ namespace })).items);
    const deployments = await seen(`Deployments in ${namespace}`, [], async () => (await apps.listNamespacedDeployment({ namespace })).items);
    const claims = await seen(`volumes in ${namespace}`, [], async () => (await core.listNamespacedPersistentVolumeClaim({ namespace })).items);
    return {
      workloads: [...sets.map((set) => workloadOf("StatefulSet", set)), ...deployments.map((deployment) => workloadOf("Deployment", deployment))],
      claims: claims.map((claim) => ({ ...volumeOf(claim), expandable: expandable.has(claim.spec?.storageClassName) })),
    };
  };
  const lokiConfig = await seen(`Loki's configuration (Secret loki in ${namespaces.loki})`, undefined, async () => {
    const { data } = await core.readNamespacedSecret({ namespace: namespaces.loki, name: "loki" });
    return parse(Buffer.from(data?.["config.yaml"] ?? "", "base64").toString("utf8")) as ExistingLokiConfig;
  });
  // A Job that never got through has connected no tier.
  const tier = await seen(`Jobs in ${namespaces.minio}`, undefined, async () => {
    const { metadata, status } = await kubeConfig.makeApiClient(BatchV1Api).readNamespacedJob({ namespace: namespaces.minio, name: tierJobName });
    return status?.succeeded === undefined ? undefined : metadata?.annotations?.[tierAnnotation];
  });
  return { existing: { minio: await part(namespaces.minio), loki: await part(namespaces.loki), lokiConfig, tier, homes }, unseen };
}

function workloadOf(kind: ExistingWorkload["kind"], { metadata, spec }: V1StatefulSet | V1Deployment): ExistingWorkload {
  const templates = spec !== undefined && "volumeClaimTemplates" in spec ? (spec.volumeClaimTemplates ?? []) : [];
  return {
    kind,
    name: metadata?.name ?? "",
    replicas: spec?.replicas ?? 1,
    chart: metadata?.labels?.["helm.sh/chart"] ?? metadata?.labels?.chart,
    image: spec?.template.spec?.containers[0]?.image,
    volumes: templates.map(volumeOf),
  };
}

function volumeOf({ metadata, spec }: V1PersistentVolumeClaim): Volume {
  const storageClass = spec?.storageClassName;
  return { name: metadata?.name ?? "", size: spec?.resources?.requests?.storage ?? "0", ...(storageClass === undefined ? {} : { storageClass }) };
}
