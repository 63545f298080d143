import type { Facts } from "../facts";
import type { Finding } from "../finding";

/** Differences of clocks that break signatures (MinIO allows 15 min) or that let lines appear in the future. */
const clockErrorMs = 60_000;
/** Days before the end of a certificate at which it should long have been renewed. */
const certificateDays = 14;
/** Share of a volume that is free, below which it fills up soon. */
const freeShare = { warning: 0.15, error: 0.03 };
const day = 86_400_000;

/** What is wrong with the machines and what all parts share. */
export function judgeCluster(facts: Facts): Finding[] {
  return [...nodes(facts), ...dns(facts), ...clocks(facts), ...certificates(facts), ...volumes(facts)];
}

function nodes({ nodes = [] }: Facts): Finding[] {
  return nodes.flatMap(({ metadata, status }): Finding[] => {
    const name = metadata?.name ?? "";
    const bad = (status?.conditions ?? []).filter(({ type, status: value }) =>
      type === "Ready" ? value !== "True" : type.endsWith("Pressure") && value === "True",
    );
    if (bad.length === 0) return [];
    const down = bad.some(({ type }) => type === "Ready");
    return [
      {
        check: "nodes",
        part: "cluster",
        severity: down ? "error" : "warning",
        problem: `node ${name} ${down ? "is not ready" : `has ${bad.map(({ type }) => type).join(" and ")}`}`,
        evidence: bad.map(({ type, reason, message }) => `${type}: ${reason ?? ""} ${message ?? ""}`.trim()),
        meaning: down
          ? "its pods do not run, so their logs are not collected, and what runs there of the platform is away"
          : "the kubelet evicts pods there, and removes their logs with them",
        remedy: `see what its kubelet says: kubectl describe node ${name}`,
      },
    ];
  });
}

function dns({ dnsReady }: Facts): Finding[] {
  if (dnsReady !== 0) return [];
  return [
    {
      check: "dns",
      part: "cluster",
      severity: "error",
      problem: "no pod of the cluster's DNS is ready",
      evidence: ["Service kube-system/kube-dns has no ready endpoint"],
      meaning: "no part finds another: Alloy keeps its lines on the nodes and retries, Loki can't store chunks",
      remedy: "see why: kubectl -n kube-system get pods -l k8s-app=kube-dns",
    },
  ];
}

/** All answers of a node come from the same clock. */
function clocks({ shown }: Facts): Finding[] {
  const byNode = new Map<string, number[]>();
  for (const { node, aheadMs } of shown)
    if (aheadMs !== undefined && node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), aheadMs]);
  const means = [...byNode].map(([node, all]) => ({ node, ahead: all.reduce((sum, ms) => sum + ms, 0) / all.length }));
  const off = means.filter(({ ahead }) => Math.abs(ahead) > clockErrorMs);
  if (off.length === 0) return [];
  const text = ({ node, ahead }: (typeof off)[number]) =>
    `${node} is ${minutes(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} this machine`;
  const all = off.length === means.length && spread(off.map(({ ahead }) => ahead)) < clockErrorMs;
  return [
    {
      check: "clock",
      part: "cluster",
      severity: all ? "warning" : "error",
      problem: all
        ? `this machine's clock and those of the nodes differ by ${minutes(Math.abs(off[0]!.ahead))}`
        : `clocks differ: ${off.map(text).join(", ")}`,
      evidence: means.map(text),
      meaning: all
        ? "times that you ask for (--since) are shifted; if this machine is right, lines have wrong times"
        : "lines get wrong times; MinIO refuses requests that are signed 15 min early or late, and Loki refuses lines " +
          "from more than 10 min in the future",
      remedy: "set the clocks right, with NTP: `timedatectl` shows its state",
    },
  ];
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function certificates({ at, shown }: Facts): Finding[] {
  const ends = new Map(
    shown.flatMap(({ part, pod, certificateEnds }) =>
      certificateEnds === undefined ? [] : [[pod, { part, end: certificateEnds }] as const],
    ),
  );
  return [...ends].flatMap(([pod, { part, end }]): Finding[] => {
    const days = (end.getTime() - at.getTime()) / day;
    if (days > certificateDays) return [];
    const over = days <= 0;
    return [
      {
        check: "certificate",
        part,
        severity: over ? "error" : "warning",
        problem: `the certificate of ${pod} ${over ? "ended" : "ends"} on ${end.toISOString().slice(0, 10)}`,
        evidence: [`valid until ${end.toISOString()}`],
        meaning: over ? "nobody who checks it talks to this pod" : "after that, nobody who checks it talks to this pod",
        remedy: [
          "with cert-manager: kubectl describe certificate -A shows why it was not renewed",
          "with tls.certificates given: put a new certificate into Secret logharbor-tls; MinIO and the gateway read it",
        ],
      },
    ];
  });
}

function volumes({ settings, volumes }: Facts): Finding[] {
  return volumes.flatMap(({ namespace, pod, claim, freeBytes, capacityBytes }): Finding[] => {
    const share = freeBytes / capacityBytes;
    if (capacityBytes === 0 || share > freeShare.warning) return [];
    const part = (["minio", "loki", "alloy", "grafana"] as const).find(
      (name) => settings.namespaces[name] === namespace,
    );
    return [
      {
        check: "volume-full",
        part: part ?? "cluster",
        severity: share > freeShare.error ? "warning" : "error",
        problem: `volume ${claim} of ${namespace} is ${Math.round(100 * (1 - share))}% full`,
        evidence: [`pod ${pod}: ${gib(freeBytes)} of ${gib(capacityBytes)} are free`],
        meaning:
          part === "minio"
            ? "when it is full, MinIO refuses to store chunks; Loki keeps them in memory and its write-ahead log"
            : part === "loki"
              ? "when it is full, Loki no longer writes its write-ahead log: a crash then loses lines"
              : "when it is full, the pod can't write",
        remedy:
          part === "minio"
            ? ["keep logs for fewer days: retention.warmDays", "enlarge the volume, if its StorageClass allows it"]
            : "enlarge the volume, if its StorageClass allows it: kubectl edit pvc",
      },
    ];
  });
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
