import type { Part } from "../domain/parts";
import type { PartSpec } from "./part";
import { secretNames } from "../domain/names";
import type { Values } from "./pod";

/** Where pods find the files of their namespace's Secret. */
export const tlsPath = "/etc/logharbor-tls";

/** Keys of that Secret, which are the names of its files too. */
export const tlsFiles = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** Certificate of the authority, by which clients know MinIO and the gateway. */
export const authorityPath = `${tlsPath}/${tlsFiles.authority}`;

/** Whether MinIO and the gateway speak TLS. */
export function speaksTls({ certificates }: Pick<PartSpec, "certificates">): boolean {
  return certificates !== "none";
}

/** Volumes of a pod, and where its container finds them. */
interface Mounted {
  volumes: readonly Values[];
  mounts: readonly Values[];
}

const nothing: Mounted = { volumes: [], mounts: [] };
const mounts = [{ name: "tls", mountPath: tlsPath, readOnly: true }];

/** The one key of the Secret that a client may read: the authority's certificate. */
export const authorityOnly = {
  secretName: secretNames.tls,
  items: [{ key: tlsFiles.authority, path: tlsFiles.authority }],
};

/** What a client mounts, which gets no key to read: it needs the authority alone. Nothing without TLS. */
export function trustOf(spec: Pick<PartSpec, "certificates">): Mounted {
  return speaksTls(spec) ? { volumes: [{ name: "tls", secret: authorityOnly }], mounts } : nothing;
}

/** What a server mounts. Nothing without TLS. */
export function identityOf(spec: Pick<PartSpec, "certificates">): Mounted {
  return speaksTls(spec) ? { volumes: [{ name: "tls", secret: { secretName: secretNames.tls } }], mounts } : nothing;
}

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

/** `spec` of the Certificate from which cert-manager makes and renews the Secret of a namespace. */
export function certificateSpec(part: Part, { namespace, issuer }: Pick<PartSpec, "namespace" | "issuer">): Values {
  return {
    secretName: secretNames.tls,
    dnsNames: namesOf(part, namespace),
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    usages:
      part === "minio" || part === "loki" ? ["digital signature", "server auth"] : ["digital signature", "client auth"],
  };
}
