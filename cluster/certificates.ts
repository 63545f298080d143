import { CoreV1Api, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../config/settings";
import { secretNames } from "../domain/names";
import { tlsFiles } from "../render/tls";
import { ifSeen } from "./looks";
import type { Problem } from "../domain/problem";

/**
 * What there is in the cluster to make certificates from; a part is undefined where the right to see it is missing, or
 * where nobody asks.
 */
export interface CertificateFacts {
  /** ClusterIssuers of cert-manager, by name, and whether they can sign; `absent` without cert-manager. */
  issuers?: Map<string, boolean> | "absent";
  /** Keys of the Secret in each namespace that is there; empty where it has none. */
  secrets?: Map<string, string[]>;
}

/** Looks at what the certificates of a stack are made from. Nothing is changed. */
export async function certificateFacts(
  kubeConfig: KubeConfig,
  { namespaces, tls, grafana }: Settings,
): Promise<CertificateFacts> {
  if (tls.certificates === "cert-manager") return { issuers: await ifSeen(clusterIssuers(kubeConfig), "absent") };
  if (tls.certificates !== "given") return {};
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const names = Object.entries(namespaces).flatMap(([part, name]) =>
    part === "grafana" && !grafana.enabled ? [] : [name],
  );
  const keysOf = async (namespace: string): Promise<[string, string[]][]> => {
    if ((await ifSeen(core.readNamespace({ name: namespace }), undefined)) === undefined) return [];
    const secret = await ifSeen(core.readNamespacedSecret({ namespace, name: secretNames.tls }), { data: {} });
    return secret === undefined ? [] : [[namespace, Object.keys(secret.data ?? {})]];
  };
  return { secrets: new Map((await Promise.all(names.map(keysOf))).flat()) };
}

/** What keeps the certificates from being there, each with its remedy. Pure. */
export function certificateFindings(
  { issuers, secrets }: CertificateFacts,
  { namespaces, tls }: Pick<Settings, "namespaces" | "tls">,
): Problem[] {
  if (issuers === "absent") {
    return [
      {
        problem: "the cluster has no cert-manager, which tls.certificates counts on",
        remedy: "install it (https://cert-manager.io/docs/installation/), or set tls.certificates to given or none",
      },
    ];
  }
  if (issuers !== undefined && tls.issuer !== undefined && issuers.get(tls.issuer) !== true) {
    const others = [...issuers].filter(([, ready]) => ready).map(([name]) => name);
    const problem = issuers.has(tls.issuer)
      ? `ClusterIssuer ${tls.issuer}, which tls.issuer names, is not ready to sign`
      : `there is no ClusterIssuer ${tls.issuer}, which tls.issuer names`;
    return [
      {
        problem,
        remedy: issuers.has(tls.issuer)
          ? `kubectl describe clusterissuer ${tls.issuer} tells why`
          : `make it${others.length === 0 ? "" : `, or name another: ${others.join(", ")}`}`,
      },
    ];
  }
  return [...(secrets ?? [])].flatMap(([namespace, keys]) => {
    const server = namespace === namespaces.minio || namespace === namespaces.loki;
    const wanted = [...(server ? [tlsFiles.certificate, tlsFiles.key] : []), tlsFiles.authority];
    const missing = wanted.filter((key) => !keys.includes(key));
    if (missing.length === 0) return [];
    const files = wanted.map((key) => `--from-file=${key}`).join(" ");
    return [
      {
        problem: `Secret ${secretNames.tls} in ${namespace} lacks ${missing.join(", ")}, which tls.certificates given leaves to you`,
        remedy: `kubectl -n ${namespace} create secret generic ${secretNames.tls} ${files}`,
      },
    ];
  });
}

async function clusterIssuers(kubeConfig: KubeConfig): Promise<Map<string, boolean>> {
  const list = (await kubeConfig
    .makeApiClient(CustomObjectsApi)
    .listClusterCustomObject({ group: "cert-manager.io", version: "v1", plural: "clusterissuers" })) as {
    items: { metadata: { name: string }; status?: { conditions?: { type: string; status: string }[] } }[];
  };
  return new Map(
    list.items.map(({ metadata, status }) => [
      metadata.name,
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
    ]),
  );
}
