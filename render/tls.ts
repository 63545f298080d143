import type { Part, Settings } from "../config/settings";
import { secretNames } from "../domain/names";
import type { Values } from "./pod";

/** Where pods find the files of their namespace's Secret. */
export const tlsPath = "/etc/logharbor-tls";

/** Keys of that Secret, which are the names of its files too. */
export const tlsFiles = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** Certificate of the authority, by which clients know MinIO and the gateway. */
export const authorityPath = `${tlsPath}/${tlsFiles.authority}`;

/** Whether MinIO and the gateway speak TLS. */
export function speaksTls({ tls }: Pick<Settings, "tls">): boolean {
  return tls.certificates !== "none";
}

/** Volume and mount of a client, which gets no key to read: it needs the authority alone. */
export const trust = {
  volume: {
    name: "tls",
    secret: { secretName: secretNames.tls, items: [{ key: tlsFiles.authority, path: tlsFiles.authority }] },
  },
  mount: { name: "tls", mountPath: tlsPath, readOnly: true },
} as const;

/** Volume and mount of a server. */
export const identity = {
  volume: { name: "tls", secret: { secretName: secretNames.tls } },
  mount: trust.mount,
} as const;

/**
 * Names under which a part is reached inside the cluster; clients have one too, since cert-manager writes the authority
 * beside each certificate.
 */
function namesOf(part: Part, namespace: string): string[] {
  const services: Record<Part, string[]> = {
    minio: ["minio", "*.minio-svc"],
    loki: ["loki-gateway"],
    alloy: ["alloy"],
    grafana: ["grafana"],
  };
  return services[part].flatMap((service) => [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
  ]);
}

/** `spec` of the Certificate by which cert-manager makes and renews the Secret of a namespace. */
export function certificateSpec(part: Part, namespace: string, { issuer }: Settings["tls"]): Values {
  return {
    secretName: secretNames.tls,
    dnsNames: namesOf(part, namespace),
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    usages:
      part === "minio" || part === "loki" ? ["digital signature", "server auth"] : ["digital signature", "client auth"],
  };
}
