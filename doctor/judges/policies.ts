import type { V1NetworkPolicy, V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../domain/parts";
import { networkPolicies, type PolicySpec } from "../../render/networkPolicies";
import type { Facts, Home } from "../facts";
import { upAgain, type Finding } from "../finding";

/**
 * Policies only ever add up, so a policy of somebody else can't forbid what ours allow. But one of ours can be missing
 * or changed; and where the stack has none, any foreign one closes every port that it does not name.
 */
export function policies(part: Part, home: Home, { settings, owner }: Facts): Finding[] {
  if (home.policies === undefined) return [];
  const own = networkPolicies(settings, owner)[part];
  const there = new Map(home.policies.map((policy) => [policy.metadata?.name ?? "", policy]));
  const broken = own.filter(({ name, spec }) => !isAsMade(spec, there.get(name)));
  const foreign = home.policies.filter(
    (policy) => own.length === 0 && (home.pods ?? []).some((pod) => selects(policy, pod)),
  );
  return [
    ...broken.map(({ name }): Finding => ({
      check: "policy",
      part,
      severity: "error",
      problem: `NetworkPolicy ${name} of namespace ${home.namespace} ${there.has(name) ? "is not as the stack made it" : "is missing"}`,
      evidence: [`NetworkPolicies there: ${[...there.keys()].join(", ") || "none"}`],
      meaning: `connections that ${part} needs may be refused`,
      remedy: upAgain,
    })),
    ...foreign.map(({ metadata, spec }): Finding => ({
      check: "policy",
      part,
      severity: "warning",
      problem: `NetworkPolicy ${metadata?.name} in namespace ${home.namespace}, which is not the stack's, closes ports of ${part}`,
      evidence: [`it selects ${JSON.stringify(spec?.podSelector ?? {})} for ${(spec?.policyTypes ?? []).join(", ")}`],
      meaning: "it refuses every connection of these pods that no policy allows",
      remedy: [
        "let it allow the flows in docs/network-policies.md",
        "set networkPolicies to true: the stack's own policies then allow them",
      ],
    })),
  ];
}

/** Whether a policy still says what the stack wrote; the API server adds defaults, which do not matter. */
function isAsMade(wanted: PolicySpec, found: V1NetworkPolicy | undefined): boolean {
  return found?.spec !== undefined && contains(found.spec, wanted);
}

function contains(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(found) && found.length === wanted.length && wanted.every((item, at) => contains(found[at], item))
    );
  if (typeof wanted !== "object" || wanted === null) return String(found) === String(wanted);
  return Object.entries(wanted).every(([key, value]) => value === undefined || contains(fieldOf(found, key), value));
}

/** The client library calls `from` `_from`. */
function fieldOf(object: unknown, key: string): unknown {
  return (object as Record<string, unknown> | undefined)?.[key === "from" ? "_from" : key];
}

function selects({ spec }: V1NetworkPolicy, { metadata }: V1Pod): boolean {
  const { matchLabels = {}, matchExpressions } = spec?.podSelector ?? {};
  const labels = metadata?.labels ?? {};
  return (
    matchExpressions === undefined && Object.entries(matchLabels).every(([label, value]) => labels[label] === value)
  );
}
