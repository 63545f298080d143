import { storeName } from "../../domain/objectStore";
import type { Facts, LokiState } from "../facts";
import type { Finding } from "../finding";
import { counted, latest, total, type Watched } from "../metrics";

/** Runs that the compactor may miss before that is worth a finding: one may take long. */
const missedRuns = 4;
/** Share of the write-ahead log's disk that is in use, above which it is nearly full; Loki stops writing at 0.9. */
const walShare = 0.85;

/** What Loki's reasons for a refused line mean, and what to do. */
const discards: Readonly<Record<string, [meaning: string, remedy: string]>> = {
  rate_limited: ["a tenant sent more than its rate", "raise loki.limits.ingestionRateMb, or send less"],
  stream_limit: ["the tenant has too many streams", "raise loki.limits.maxStreams, or use fewer label values"],
  per_stream_rate_limit: ["one stream was too fast", "split it with a label"],
  greater_than_max_sample_age: ["lines were too old", "raise loki.limits.rejectOldSamplesHours"],
  too_far_behind: [
    "lines were much older than others of their stream",
    "raise loki.limits.rejectOldSamplesHours, from which this window follows",
  ],
  too_far_in_future: ["lines came from the future", "set the clocks of the nodes right"],
  line_too_long: ["lines were longer than Loki takes (256 KiB)", "let the program write shorter lines"],
  missing_labels: ["lines had no labels", "see who pushes besides Alloy"],
  structured_metadata_too_large: ["lines had too much structured metadata", "see who pushes besides Alloy"],
};

/** What is wrong with Loki. */
export function judgeLoki(facts: Facts): Finding[] {
  return [
    ...unready(facts),
    ...rings(facts),
    ...logins(facts),
    ...flushes(facts),
    ...wal(facts),
    ...compactor(facts),
    ...discarded(facts),
  ];
}

function unready({ lokis, settings }: Facts): Finding[] {
  return lokis
    .filter(({ ready, silent }) => silent !== undefined || (ready !== undefined && ready.status !== 200))
    .map(({ pod, ready, silent }) => ({
      check: "loki-ready",
      part: "loki",
      severity: "error",
      problem: `Loki in pod ${pod} is not ready`,
      evidence: [silent ?? `/ready: ${ready?.status} ${ready?.body.trim().slice(0, 300)}`],
      meaning: "it takes no lines and answers no queries; Alloy keeps lines on the nodes and retries",
      remedy: `a process that has just started needs about a minute; then: kubectl -n ${settings.namespaces.loki} logs ${pod}`,
    }));
}

/** Each process sees the rings that it takes part in; a member that one of them can't reach is enough for a finding. */
function rings({ lokis, settings }: Facts): Finding[] {
  const members = lokis.flatMap(({ pod, metrics }) =>
    (metrics === undefined ? [] : (latest(metrics).get("loki_ring_members") ?? [])).map(({ labels, value }) => ({
      pod,
      ...labels,
      value,
    })),
  ) as { pod: string; name: string; state: string; value: number }[];
  const bad = members.filter(({ state, value }) => state === "Unhealthy" && value > 0);
  const names = [...new Set(bad.map(({ name }) => name))];
  return names.map((name) => ({
    check: "ring",
    part: "loki",
    severity: name === "ingester" ? "error" : "warning",
    problem: `Loki's ring of ${name}s has a member that does not answer`,
    evidence: bad
      .filter((member) => member.name === name)
      .map(({ pod, value }) => `${pod} counts ${value} unhealthy; /ring on it names them`),
    meaning:
      name === "ingester"
        ? "with too few healthy ingesters Loki refuses lines; Alloy keeps them on the nodes and retries"
        : `work of a ${name} may wait until the ring forgets the member`,
    remedy: `see which pod is away: kubectl -n ${settings.namespaces.loki} get pods; a member that is gone for good is forgotten by itself`,
  }));
}

function logins({ logins }: Facts): Finding[] {
  return (["alloy", "grafana"] as const)
    .filter((part) => logins[part] === 401)
    .map((part) => ({
      check: "gateway-login",
      part,
      severity: "error",
      problem: `Loki's gateway refuses the login in the Secret of ${part}`,
      evidence: ["GET /loki/api/v1/labels with it: 401"],
      meaning:
        part === "alloy"
          ? "Alloy does not retry a push that is refused so: its lines are lost"
          : "Grafana shows no logs",
      remedy: "npm run refresh and then npm run up write the Secrets again; then restart the pods that read them",
    }));
}

function flushes({ lokis, homes, settings }: Facts): Finding[] {
  const failing = counted(watchedOf(lokis), "loki_ingester_chunks_flush_failures_total", "-");
  const [failed] = failing;
  if (failed === undefined) return [];
  const said = linesWith(homes.loki?.logs, /failed to flush/i);
  const goesOn = (failed.grown ?? 0) > 0 || (said.length > 0 && storeErrors(lokis) > 0);
  return [
    {
      check: "flush",
      part: "loki",
      severity: goesOn ? "error" : "note",
      problem: goesOn ? "Loki can't store chunks" : `Loki once could not store chunks (${failed.total} tries)`,
      evidence: [
        `loki_ingester_chunks_flush_failures_total: ${failed.total}, ${failed.grown ?? "?"} more within the look`,
        ...said.slice(-1),
      ],
      meaning: goesOn
        ? "it keeps them in memory and in its write-ahead log, and tries again; the volume fills meanwhile"
        : "it has kept them and tried again since",
      remedy: goesOn
        ? `see the findings of ${storeName(settings.objectStore)}; if there are none, the last lines of Loki's log`
        : "nothing to do",
    },
  ];
}

/** Writes to the object store that failed between the two looks. */
function storeErrors(lokis: readonly LokiState[]): number {
  const statuses = watchedOf(lokis).map(({ first, later }): Watched => ({
    first: puts(first),
    later: later && puts(later),
  }));
  return counted(statuses, "loki_s3_request_duration_seconds_count", "status_code")
    .filter(({ key }) => !key.startsWith("2"))
    .reduce((sum, { grown = 0 }) => sum + grown, 0);
}

function puts(metrics: Watched["first"]): Watched["first"] {
  const name = "loki_s3_request_duration_seconds_count";
  return new Map([[name, (metrics.get(name) ?? []).filter(({ labels }) => labels.operation === "S3.PutObject")]]);
}

function wal({ lokis, settings }: Facts): Finding[] {
  return lokis.flatMap(({ pod, metrics }): Finding[] => {
    if (metrics === undefined) return [];
    const share = total(latest(metrics), "loki_ingester_wal_disk_usage_percent");
    const [full] = counted([metrics], "loki_ingester_wal_disk_full_failures_total", "-");
    const [broken] = counted([metrics], "loki_ingester_wal_corruptions_total", "-");
    return [
      ...(share > walShare || (full?.grown ?? 0) > 0
        ? [
            {
              check: "wal",
              part: "loki",
              severity: (full?.grown ?? 0) > 0 ? "error" : "warning",
              problem: `the disk of Loki's write-ahead log is ${Math.round(100 * share)}% full in pod ${pod}`,
              evidence: [`loki_ingester_wal_disk_usage_percent: ${share.toFixed(3)}`],
              meaning: "Loki takes lines but does not write them down: a crash loses what is in memory only",
              remedy: "enlarge loki.volumeSize, or find what else fills the disk",
            } satisfies Finding,
          ]
        : []),
      ...(broken === undefined
        ? []
        : [
            {
              check: "wal",
              part: "loki",
              severity: "note",
              problem: `Loki found its write-ahead log damaged when it started in pod ${pod}`,
              evidence: [`loki_ingester_wal_corruptions_total: ${broken.total}`],
              meaning: `lines that were neither stored nor in another ingester are lost (namespace ${settings.namespaces.loki})`,
              remedy: "check the disk; docs/durability.md says which faults damage it",
            } satisfies Finding,
          ]),
    ];
  });
}

const lastCompaction = "loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds";

function compactor({ at, lokis, settings }: Facts): Finding[] {
  const allowedMs = missedRuns * settings.retention.compactionIntervalMinutes * 60_000;
  const runs = watchedOf(lokis).flatMap((metrics) => {
    const now = latest(metrics);
    return now.has(lastCompaction)
      ? [{ last: total(now, lastCompaction) * 1000, start: total(now, "process_start_time_seconds") * 1000 }]
      : [];
  });
  if (runs.length === 0) return [];
  // Several compactors: only the leader of their ring runs, and a new leader begins anew.
  const last = Math.max(...runs.map(({ last: time }) => time));
  const start = Math.max(...runs.map(({ start: time }) => time));
  if (at.getTime() - Math.max(last, start) < allowedMs) return [];
  return [
    {
      check: "compactor",
      part: "loki",
      severity: "warning",
      problem: `the compactor has not finished a run for ${Math.round((at.getTime() - Math.max(last, start)) / 60_000)} min`,
      evidence: [
        `${lastCompaction}: ${last === 0 ? "never" : new Date(last).toISOString()}`,
        `it should run every ${settings.retention.compactionIntervalMinutes} min`,
      ],
      meaning: "old logs are not deleted, and queries get slower",
      remedy: "see its log: the lines with component=compactor or caller=compactor.go",
    },
  ];
}

function discarded({ lokis }: Facts): Finding[] {
  return counted(watchedOf(lokis), "loki_discarded_samples_total", "reason").map(({ key, total: sum, grown = 0 }) => {
    const [meaning, remedy] = discards[key] ?? [`its reason is ${key}`, "docs/limits.md explains the limits"];
    return {
      check: "discards",
      part: "loki",
      severity: grown > 0 ? "warning" : "note",
      problem: grown > 0 ? `Loki refuses lines: ${key}` : `Loki has refused ${sum} lines since it started: ${key}`,
      evidence: [`loki_discarded_samples_total{reason="${key}"}: ${sum}, ${grown} more within the look`],
      meaning: `${meaning}; they are lost`,
      remedy,
    };
  });
}

/** Lines of some logs that match a pattern, in order. */
export function linesWith(logs: ReadonlyMap<string, string> | undefined, pattern: RegExp): string[] {
  return [...(logs ?? [])].flatMap(([container, text]) =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${container}: ${line.slice(0, 300)}`),
  );
}

export function watchedOf(states: readonly { metrics?: Watched }[]): Watched[] {
  return states.flatMap(({ metrics }) => metrics ?? []);
}
