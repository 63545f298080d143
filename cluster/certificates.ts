import { CoreV1Api, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../config/settings";
import { secretNames } from "../domain/names";
import { usedParts } from "../domain/parts";
import { tlsFiles } from "../render/tls";
import { ifSeen } from "./looks";
import type { Problem } from "../domain/problem";

/**
 * What the cluster holds to make certificates from. A field is undefined if we may not see it, or if nobody asked for
 * it.
 */
export interface CertificateFacts {
  /** ClusterIssuers of cert-manager, by name, and whether they can sign; `absent` without cert-manager. */
  issuers?: Map<string, boolean> | "absent";
  /** Keys of the Secret, for each namespace that exists; empty if the Secret is missing. */
  secrets?: Map<string, string[]>;
}

/** Looks up what a stack's certificates are made from. Changes nothing. */
export async function certificateFacts(kubeConfig: KubeConfig, settings: Settings): Promise<CertificateFacts> {
  const { namespaces, tls } = settings;
  if (tls.certificates === "cert-manager") return { issuers: await ifSeen(clusterIssuers(kubeConfig), "absent") };
  if (tls.certificates !== "given") return {};
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const names = usedParts(settings).map((part) => namespaces[part]);
  const keysOf = async (namespace: string): Promise<[string, string[]][]> => {
    if ((await ifSeen(core.readNamespace({ name: namespace }), undefined)) === undefined) return [];
    const secret = await ifSeen(core.readNamespacedSecret({ namespace, name: secretNames.tls }), { data: {} });
    return secret === undefined ? [] : [[namespace, Object.keys(secret.data ?? {})]];
  };
  return { secrets: new Map((await Promise.all(names.map(keysOf))).flat()) };
}

/** What is missing for the certificates, each with its remedy. Pure. */
export function certificateFindings(
  { issuers, secrets }: CertificateFacts,
  { namespaces, tls }: Pick<Settings, "namespaces" | "tls">,
): Problem[] {
  if (issuers === "absent") {
    return [
      {
        problem: "the cluster has no cert-manager, and tls.certificates needs it",
        remedy: "install it (https://cert-manager.io/docs/installation/), or set tls.certificates to given or none",
      },
    ];
  }
  if (issuers !== undefined && tls.issuer !== undefined && issuers.get(tls.issuer) !== true) {
    const others = [...issuers].filter(([, ready]) => ready).map(([name]) => name);
    const problem = issuers.has(tls.issuer)
      ? `ClusterIssuer ${tls.issuer}, which tls.issuer names, is not ready to sign`
      : `ClusterIssuer ${tls.issuer}, which tls.issuer names, does not exist`;
    return [
      {
        problem,
        remedy: issuers.has(tls.issuer)
          ? `see why: kubectl describe clusterissuer ${tls.issuer}`
          : `create it${others.length === 0 ? "" : `, or name another: ${others.join(", ")}`}`,
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
        problem: `Secret ${secretNames.tls} in ${namespace} lacks ${missing.join(", ")}; with tls.certificates given, you provide them`,
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
