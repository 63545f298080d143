import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  StorageV1Api,
  type KubeConfig,
  type V1Deployment,
  type V1PersistentVolumeClaim,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { parse } from "yaml";
import type { Settings } from "../../config/settings";
import { partLabel, stackLabel, tierAnnotation, tierJobName } from "../../domain/names";
import { kindPaths } from "../../render/objects";
import { helmAnnotations, labelValue, ownerAnnotation, ownerText, type Owner } from "../../render/ownership";
import { Looks } from "../../cluster/looks";
import { secretContent } from "../../cluster/secret";
import { KubeApi } from "../../cluster/kubeApi";

/** A volume that exists: a claim, or a template of claims in a StatefulSet. */
export interface Volume {
  /** Name of the claim or template. */
  name: string;
  /** Requested size, a Kubernetes quantity. */
  size: string;
  /** Name of its StorageClass. Default: it has none. */
  storageClass?: string;
}

/** A workload that exists and keeps data. */
export interface ExistingWorkload {
  /** Kubernetes kind. */
  kind: "StatefulSet" | "Deployment";
  /** Name of the object. */
  name: string;
  /** Number of replicas that it should have. */
  replicas: number;
  /** Name and version of the chart that made it, such as "loki-18.11.0". Default: unknown. */
  chart?: string;
  /** Image of its first container. Default: unknown. */
  image?: string;
  /** Its templates of claims. A Deployment has none. */
  volumes: Volume[];
  /** Annotations of its pods. Default: none. */
  podAnnotations?: Record<string, string>;
  /** Names of the Secrets that its pods mount. Default: none. */
  mountedSecrets?: string[];
}

/** What exists of a part in its namespace. */
export interface ExistingPart {
  /** Its StatefulSets and Deployments. */
  workloads: ExistingWorkload[];
  /** All volume claims in the namespace. */
  claims: (Volume & { /** Whether its StorageClass lets it grow. */ expandable: boolean })[];
}

/** A period of the index schema in Loki's configuration. */
interface Period {
  from: string;
  schema: string;
  index: { prefix: string };
}

/** The fields of the running Loki's configuration that the dangers depend on, in Loki's own names. */
export interface ExistingLokiConfig {
  /** Periods of the index schema. */
  schema_config?: { configs?: Period[] };
  /** Retention, as durations. */
  limits_config?: { retention_period?: string; retention_stream?: { selector: string; period: string }[] };
  /** Object store and bucket of the chunks, and whether Loki reaches it without TLS. */
  common?: { storage?: { s3?: { endpoint?: string; region?: string; bucketnames?: string; insecure?: boolean } } };
  /** Where the rules are: in files (`local`), or in a bucket (`s3`). */
  ruler?: { storage?: { type?: string; s3?: { bucketnames?: string } } };
}

/** What exists of a stack in its cluster. */
export interface Existing {
  /** What exists of MinIO. */
  minio: ExistingPart;
  /** What exists of Loki. */
  loki: ExistingPart;
  /** Configuration of the running Loki. Undefined if no Loki runs, or if it cannot be read. */
  lokiConfig?: ExistingLokiConfig;
  /** Address of the remote tier that chunks have been moved to. Undefined if no tier was connected. */
  tier?: string;
  /**
   * The volume claim of Grafana's release: whether Helm would delete it with the release that has it no more, or keeps
   * it, as its annotation says. Undefined if there is none.
   */
  grafanaVolume?: "deletable" | "kept";
  /** Namespaces that the stack uses, or has used, for MinIO and Loki. */
  homes: { part: "minio" | "loki"; name: string }[];
}

/**
 * Reads what exists of a stack in its cluster. `unseen` lists what the kubeconfig's user has no right to see. Changes
 * nothing. Rejects if the cluster cannot be reached.
 */
export async function existingStack(
  kubeConfig: KubeConfig,
  owner: Owner,
  { namespaces }: Pick<Settings, "namespaces">,
): Promise<{ existing: Existing; unseen: string[] }> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const looks = new Looks();
  const seen: Looks["at"] = async (what, nothing, look) => looks.at(what, nothing, look);
  const homes = await homesOf(kubeConfig, owner, looks);
  const classes = await seen(
    "StorageClasses",
    [],
    async () => (await kubeConfig.makeApiClient(StorageV1Api).listStorageClass()).items,
  );
  const expandable = new Set(
    classes.filter(({ allowVolumeExpansion }) => allowVolumeExpansion === true).map(({ metadata }) => metadata?.name),
  );
  const part = async (name: "minio" | "loki"): Promise<ExistingPart> => {
    const namespace = namespaces[name];
    // The namespace may also hold workloads of others.
    const isOurs = ({ metadata }: V1StatefulSet | V1Deployment) =>
      metadata?.annotations?.[helmAnnotations.release] === name;
    const apps = kubeConfig.makeApiClient(AppsV1Api);
    const sets = await seen(
      `StatefulSets in ${namespace}`,
      [],
      async () => (await apps.listNamespacedStatefulSet({ namespace })).items,
    );
    const deployments = await seen(
      `Deployments in ${namespace}`,
      [],
      async () => (await apps.listNamespacedDeployment({ namespace })).items,
    );
    const claims = await seen(
      `volumes in ${namespace}`,
      [],
      async () => (await core.listNamespacedPersistentVolumeClaim({ namespace })).items,
    );
    return {
      workloads: [
        ...sets.filter(isOurs).map((set) => workloadOf("StatefulSet", set)),
        ...deployments.filter(isOurs).map((deployment) => workloadOf("Deployment", deployment)),
      ],
      claims: claims.map((claim) => ({ ...volumeOf(claim), expandable: expandable.has(claim.spec?.storageClassName) })),
    };
  };
  const lokiConfig = await seen(`Loki's configuration (Secret loki in ${namespaces.loki})`, undefined, async () => {
    const content = await secretContent(kubeConfig, { namespace: namespaces.loki, name: "loki" });
    return parse(content["config.yaml"] ?? "") as ExistingLokiConfig;
  });
  // A Job that never succeeded has not connected a tier.
  const tier = await seen(`Jobs in ${namespaces.minio}`, undefined, async () => {
    const { metadata, status } = await kubeConfig
      .makeApiClient(BatchV1Api)
      .readNamespacedJob({ namespace: namespaces.minio, name: tierJobName });
    return status?.succeeded === undefined ? undefined : metadata?.annotations?.[tierAnnotation];
  });
  const grafanaVolume = await seen(`volumes in ${namespaces.grafana}`, undefined, async () => {
    const claim = { namespace: namespaces.grafana, name: "grafana" };
    const { annotations = {} } = (await core.readNamespacedPersistentVolumeClaim(claim)).metadata ?? {};
    if (annotations[helmAnnotations.release] !== "grafana") return undefined;
    return annotations["helm.sh/resource-policy"] === "keep" ? "kept" : "deletable";
  });
  return {
    existing: { minio: await part("minio"), loki: await part("loki"), lokiConfig, tier, grafanaVolume, homes },
    unseen: looks.unseen,
  };
}

/** The namespaces of the stack's MinIO and Loki: those that it created, and existing ones that hold its Secrets. */
async function homesOf(kubeConfig: KubeConfig, owner: Owner, looks: Looks): Promise<Existing["homes"]> {
  const api = new KubeApi(kubeConfig);
  const query = `?labelSelector=${encodeURIComponent(`${stackLabel}=${labelValue(owner.stack)}`)}`;
  const made = (await looks.at("namespaces", [], async () => api.list("api/v1/namespaces", { query }))).map(
    (metadata) => ({ ...metadata, namespace: metadata.name }),
  );
  const secrets = await looks.at("Secrets of all namespaces", [], async () => api.list(kindPaths.Secret, { query }));
  const homes = [...made, ...secrets].flatMap(({ namespace = "", labels, annotations }) => {
    const part = labels?.[partLabel];
    const isOurs = (annotations?.[ownerAnnotation] ?? ownerText(owner)) === ownerText(owner);
    return isOurs && (part === "minio" || part === "loki") ? [{ part, name: namespace } as const] : [];
  });
  return homes.filter(
    (home, index) => homes.findIndex(({ part, name }) => part === home.part && name === home.name) === index,
  );
}

function workloadOf(
  kind: ExistingWorkload["kind"],
  { metadata, spec }: V1StatefulSet | V1Deployment,
): ExistingWorkload {
  const templates = spec !== undefined && "volumeClaimTemplates" in spec ? (spec.volumeClaimTemplates ?? []) : [];
  return {
    kind,
    name: metadata?.name ?? "",
    replicas: spec?.replicas ?? 1,
    chart: metadata?.labels?.["helm.sh/chart"] ?? metadata?.labels?.chart,
    image: spec?.template.spec?.containers[0]?.image,
    volumes: templates.map(volumeOf),
    podAnnotations: spec?.template.metadata?.annotations,
    mountedSecrets: spec?.template.spec?.volumes?.flatMap(({ secret }) => secret?.secretName ?? []),
  };
}

function volumeOf({ metadata, spec }: V1PersistentVolumeClaim): Volume {
  const storageClass = spec?.storageClassName;
  return {
    name: metadata?.name ?? "",
    size: spec?.resources?.requests?.storage ?? "0",
    ...(storageClass === undefined ? {} : { storageClass }),
  };
}
