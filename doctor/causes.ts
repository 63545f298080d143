import { checks, type Check, type Finding, type Place, type RankedFinding, type Severity } from "./finding";

/** What a part needs in order to do its work. */
const needs: Readonly<Record<Place, readonly Place[]>> = {
  cluster: [],
  minio: ["cluster"],
  "object-store": ["cluster"],
  loki: ["cluster", "minio", "object-store"],
  alloy: ["cluster", "minio", "object-store", "loki"],
  grafana: ["cluster", "minio", "object-store", "loki"],
  alerting: ["cluster", "minio", "object-store", "loki"],
};

/** What the canary says of lines. */
const unproven: readonly Check[] = ["lines-missing", "lines-gone", "lines-late"];
/** What a part's users see while it does not work. */
const symptoms: readonly Check[] = [
  "flush",
  "compactor",
  "components",
  "not-sent",
  "drops",
  "discards",
  "node-silent",
  ...unproven,
  "ruler",
  "alertmanager",
  "alerts",
  "grafana",
];
/** Signs that a part does not answer as it should. */
const unwell: readonly Check[] = [
  "endpoints",
  "store-down",
  "loki-ready",
  "ring",
  "release",
  "collector-missing",
  "alertmanager",
  "alerts",
  "grafana",
];
const stopped: readonly Check[] = ["workload", "pods", ...unwell, ...symptoms];

/**
 * What can cause what. `own` holds in the same part, `users` also in every part that needs it. Each list names every
 * effect, also those of the effects.
 */
const effects: Partial<Record<Check, { own: readonly Check[]; users: readonly Check[] }>> = {
  nodes: { own: [], users: ["volume", ...stopped, "drives", ...symptoms] },
  dns: { own: [], users: ["pods", ...unwell, ...symptoms] },
  clock: { own: [], users: ["store-login", "certificate", "pods", ...unwell, ...symptoms] },
  namespace: { own: ["secret", "policy", "volume", "objects", "stale-secret", ...stopped], users: symptoms },
  secret: { own: ["objects", "stale-secret", "store-login", "gateway-login", ...stopped], users: symptoms },
  "cluster-role": { own: ["pods", ...unwell, ...symptoms], users: symptoms },
  policy: { own: ["pods", ...unwell, "store-login", "gateway-login", "bucket", ...symptoms], users: symptoms },
  volume: { own: ["objects", ...stopped], users: symptoms },
  "volume-full": { own: ["pods", "wal", "store-full", ...unwell, ...symptoms], users: symptoms },
  certificate: { own: ["pods", ...unwell, "gateway-login", ...symptoms], users: ["pods", ...unwell, ...symptoms] },
  objects: { own: stopped, users: symptoms },
  workload: { own: ["pods", ...unwell, ...symptoms], users: symptoms },
  pods: { own: [...unwell, ...symptoms], users: ["store-login", "bucket", "gateway-login", ...symptoms] },
  "collector-missing": { own: ["endpoints", "release", ...symptoms], users: [] },
  endpoints: { own: ["release", "gateway-login", "alertmanager", "alerts"], users: symptoms },
  "store-down": { own: ["release", "drives", "store-login", "bucket"], users: ["loki-ready", "ring", ...symptoms] },
  "store-unreachable": { own: ["bucket"], users: ["store-login", "pods", ...unwell, ...symptoms] },
  drives: { own: ["store-full", "release"], users: symptoms },
  "store-full": { own: ["release"], users: symptoms },
  "store-login": { own: ["stale-secret", "pods", ...unwell, ...symptoms], users: symptoms },
  bucket: { own: [], users: ["pods", ...unwell, ...symptoms] },
  "loki-ready": { own: ["release", "ring"], users: symptoms },
  ring: { own: ["release"], users: symptoms },
  "stale-secret": { own: symptoms, users: symptoms },
  "gateway-login": { own: ["stale-secret", ...symptoms], users: symptoms },
  tenant: { own: ["node-silent", ...unproven], users: [] },
  wal: { own: symptoms, users: symptoms },
  components: { own: ["not-sent", "drops", "node-silent", ...unproven], users: [] },
  "not-sent": { own: ["node-silent", ...unproven], users: [] },
  drops: { own: ["node-silent", ...unproven], users: [] },
  discards: { own: [], users: ["drops", "not-sent", "node-silent", ...unproven] },
  "node-silent": { own: unproven, users: [] },
  alertmanager: { own: ["alerts"], users: [] },
};

const severities: readonly Severity[] = ["error", "warning", "note"];

/**
 * The findings with the cause first: each effect stands behind the cause that it follows from. Causes are sorted by
 * severity, then as {@link checks}. Pure.
 */
export function ranked(findings: readonly Finding[]): RankedFinding[] {
  const sorted = [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      checks.indexOf(a.check) - checks.indexOf(b.check),
  );
  const roots = sorted.filter((effect) => causeOf(effect, sorted) === undefined);
  const rootOf = (effect: Finding): Finding => {
    const cause = causeOf(effect, sorted);
    return cause === undefined ? effect : rootOf(cause);
  };
  return roots.flatMap((root) => [
    root,
    ...sorted
      .filter((effect) => effect !== root && rootOf(effect) === root)
      .map((effect) => ({ ...effect, followsFrom: { check: root.check, part: root.part } })),
  ]);
}

/** The finding that explains another one best: what is over explains nothing that still goes on. */
function causeOf(effect: Finding, sorted: readonly Finding[]): Finding | undefined {
  return sorted.find((cause) => cause.severity !== "note" && explains(cause, effect) && !explains(effect, cause));
}

/** Whether one finding can be the cause of another. */
function explains(cause: Finding, effect: Finding): boolean {
  const { own, users } = effects[cause.check] ?? { own: [], users: [] };
  return cause.part === effect.part
    ? own.includes(effect.check) || (cause.part === "cluster" && users.includes(effect.check))
    : needs[effect.part].includes(cause.part) && users.includes(effect.check);
}
