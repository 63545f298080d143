import type { Part } from "../domain/parts";
import type { PartSpec } from "./part";
import { secretNames } from "../domain/names";
import type { Values } from "./pod";

/** Folder in which pods find the files of a Secret with a certificate, a key or a CA. */
export const tlsPath = "/etc/logharbor-tls";

/** Keys of that Secret. Its files have the same names. */
export const tlsFiles = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** File with the certificate of the CA. With it, clients verify MinIO and the gateway. */
export const authorityPath = `${tlsPath}/${tlsFiles.authority}`;

/** Whether MinIO and the gateway use TLS. */
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

/** The only key of the Secret that a client may read: the certificate of the CA. */
export const authorityOnly = onlyAuthority(secretNames.tls);

function onlyAuthority(secretName: string): Values {
  return { secretName, items: [{ key: tlsFiles.authority, path: tlsFiles.authority }] };
}

/** What a client mounts: only the certificate of the CA, no private key. Nothing without TLS. */
export function trustOf(spec: Pick<PartSpec, "certificates">): Mounted {
  return authorityIn(speaksTls(spec) ? secretNames.tls : undefined);
}

/** The same, of the CA in any Secret of the namespace. Nothing without one. */
export function authorityIn(secretName: string | undefined): Mounted {
  return secretName === undefined ? nothing : { volumes: [{ name: "tls", secret: onlyAuthority(secretName) }], mounts };
}

/** What a server mounts: its certificate, its private key and the CA. Nothing without TLS. */
export function identityOf(spec: Pick<PartSpec, "certificates">): Mounted {
  return speaksTls(spec) ? { volumes: [{ name: "tls", secret: { secretName: secretNames.tls } }], mounts } : nothing;
}

/**
 * DNS names of a part inside the cluster. Clients get a certificate too, because cert-manager writes the CA next to
 * each certificate.
 */
function namesOf(part: Part, { clusterDomain, namespace }: Pick<PartSpec, "namespace" | "clusterDomain">): string[] {
  const services: Record<Part, string[]> = {
    minio: ["minio", "*.minio-svc"],
    loki: ["loki-gateway"],
    alloy: ["alloy"],
    grafana: ["grafana"],
  };
  return services[part].flatMap((service) => [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.${clusterDomain}`,
  ]);
}

/** `spec` of the Certificate with which cert-manager makes and renews the TLS Secret of a namespace. */
export function certificateSpec(
  part: Part,
  { issuer, ...home }: Pick<PartSpec, "namespace" | "issuer" | "clusterDomain">,
): Values {
  return {
    secretName: secretNames.tls,
    dnsNames: namesOf(part, home),
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    usages:
      part === "minio" || part === "loki" ? ["digital signature", "server auth"] : ["digital signature", "client auth"],
  };
}
