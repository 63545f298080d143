import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** What would leave certificates without a maker. */
export const tlsRules: readonly Rule[] = [{ reads: ["tls"], judge: issuer }];

function issuer({ tls }: Settings): SettingProblem[] {
  const key = "tls.issuer";
  if (tls.certificates === "cert-manager" && tls.issuer === undefined) {
    return [
      {
        key,
        problem: "is missing, while tls.certificates is cert-manager",
        remedy:
          "name a ClusterIssuer of the cluster (kubectl get clusterissuers), one with an authority of its own: " +
          "public ones sign no names inside a cluster",
      },
    ];
  }
  if (tls.certificates !== "cert-manager" && tls.issuer !== undefined) {
    return [
      {
        key,
        problem: `is ${tls.issuer}, while tls.certificates is ${tls.certificates}`,
        remedy: "set tls.certificates to cert-manager, or leave it out",
      },
    ];
  }
  return [];
}
