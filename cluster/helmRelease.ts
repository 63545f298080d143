import { gunzipSync } from "node:zlib";
import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { secretContent } from "./secret";

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

/** What a revision of a release applied, as Helm keeps it: without the defaults of the API server. */
export interface AppliedRelease extends ReleaseName {
  revision: number;
  status: string;
  /** YAML of its objects and of its hooks, but for tests. */
  manifest: string;
}

/**
 * What Helm applied last, of each release with records: the deployed revision, else the newest. It holds the values of
 * Secrets in clear.
 */
export async function appliedReleases(
  kubeConfig: KubeConfig,
  records: readonly HelmRecord[],
): Promise<AppliedRelease[]> {
  return Promise.all(
    currentRecords(records).map(async ({ namespace, release, revision, status, secret }) => {
      const { release: text = "" } = await secretContent(kubeConfig, { namespace, name: secret });
      return { namespace, name: release, revision, status, manifest: manifestIn(text) };
    }),
  );
}

/** Of each release, the record that an upgrade starts from. Pure. */
export function currentRecords(records: readonly HelmRecord[]): HelmRecord[] {
  const newest = new Map<string, HelmRecord>();
  for (const record of [...records].sort((a, b) => rank(a) - rank(b)))
    newest.set(`${record.namespace}/${record.release}`, record);
  return [...newest.values()];
}

/** A deployed revision is newer than any that is not. */
function rank({ revision, status }: HelmRecord): number {
  return revision + (status === "deployed" ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

/** The manifest in a record's text: JSON, compressed by gzip, in base64. Pure. */
export function manifestIn(text: string): string {
  const { manifest = "", hooks = [] } = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString("utf8")) as {
    manifest?: string;
    hooks?: { manifest: string; events?: string[] }[];
  };
  const kept = hooks.filter(({ events = [] }) => !events.some((event) => event.startsWith("test")));
  return [manifest, ...kept.map((hook) => hook.manifest)].join("\n---\n");
}
