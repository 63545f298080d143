import { mistyped, notGroup, wrong, type BadConfig } from "./rows";

const makers = "must be one of none, cert-manager, given";
const nobody = "set tls.certificates to cert-manager, or leave it out";

export const tls: BadConfig[] = [
  ...notGroup("tls", true),
  mistyped("tls.certificate", "given", "tls.certificates"),
  ...wrong("tls.certificates", makers, "none", "self-signed", true),
  [
    { tls: { certificates: "cert-manager" } },
    "tls.issuer",
    "is missing, but tls.certificates is cert-manager",
    "name a ClusterIssuer of the cluster (kubectl get clusterissuers) with a private CA: public CAs do not sign " +
      "names inside a cluster",
  ],
  [
    { tls: { certificates: "cert-manager", issuer: "My CA" } },
    "tls.issuer",
    "must be the name of a ClusterIssuer",
    "write for example internal-ca",
  ],
  [{ tls: { certificates: "given", issuer: "ca" } }, "tls.issuer", "is ca, but tls.certificates is given", nobody],
  [{ tls: { issuer: "ca" } }, "tls.issuer", "is ca, but tls.certificates is none", nobody],
];
