import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses certificates without an issuer, and an issuer that nothing uses. */
export const tlsRules: readonly Rule[] = [{ reads: ["tls"], judge: issuer }];

function issuer({ tls }: Settings): SettingProblem[] {
  const key = "tls.issuer";
  if (tls.certificates === "cert-manager" && tls.issuer === undefined) {
    return [
      {
        key,
        problem: "is missing, but tls.certificates is cert-manager",
        remedy:
          "name a ClusterIssuer of the cluster (kubectl get clusterissuers) with a private CA: public CAs do not " +
          "sign names inside a cluster",
      },
    ];
  }
  if (tls.certificates !== "cert-manager" && tls.issuer !== undefined) {
    return [
      {
        key,
        problem: `is ${tls.issuer}, but tls.certificates is ${tls.certificates}`,
        remedy: "set tls.certificates to cert-manager, or leave it out",
      },
    ];
  }
  return [];
}
