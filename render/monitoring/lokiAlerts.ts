import { linesOf, podsOf, series, type Alert, type Watched } from "./alert";

/*
 * Names of series as Loki 3.7 has them; pkg/ in Loki's source.
 */

/** The alerts of Loki. */
export function lokiAlerts({ namespaces, memcached, compactionMinutes, parts }: Watched): Alert[] {
  const loki = (...matchers: string[]) => series(namespaces.loki, ...matchers);
  const lines = (filter: string) => linesOf(namespaces.loki, "loki", filter);
  const alert = (one: Omit<Alert, "page">): Alert => ({ page: "loki", ...one });
  const compactionHours = Math.max(3, Math.ceil((3 * compactionMinutes) / 60));
  return [
    alert({
      name: "LogharborLokiDown",
      expr: `absent(up${loki(podsOf("loki"))} == 1)`,
      for: "3m",
      severity: "critical",
      summary: "No pod of Loki answers, or Prometheus cannot reach any.",
      description: `No pod of Loki in ${namespaces.loki} answers a scrape.`,
    }),
    alert({
      name: "LogharborLokiPodDown",
      expr: `up${loki(podsOf("loki"))} == 0`,
      for: "10m",
      severity: "warning",
      summary: "A pod of Loki does not answer.",
      description: "Pod {{ $labels.pod }} in {{ $labels.namespace }} has not answered for 10 minutes.",
    }),
    alert({
      name: "LogharborLokiRequestErrors",
      expr:
        `100 * sum by (namespace, route) (rate(loki_request_duration_seconds_count${loki('status_code=~"5.."')}[5m])) ` +
        `/ sum by (namespace, route) (rate(loki_request_duration_seconds_count${loki()}[5m])) > 5`,
      for: "10m",
      severity: "critical",
      summary: "Loki answers requests with errors.",
      description: '{{ printf "%.0f" $value }} % of the requests to {{ $labels.route }} fail.',
      logs: {
        // Loki logs each failed request so, at level warn.
        expr: lines('|= "level=warn" | logfmt level, method, msg | msg=~".*[(]5[0-9][0-9][)].*"'),
        threshold: 10,
        for: "10m",
      },
    }),
    alert({
      name: "LogharborLokiRequestLatency",
      // A query may take minutes. A push only goes to memory and to the write-ahead log.
      expr:
        `histogram_quantile(0.99, sum by (namespace, route, le) (rate(loki_request_duration_seconds_bucket` +
        `${loki('route="loki_api_v1_push"')}[5m]))) > 2 or ` +
        `histogram_quantile(0.99, sum by (namespace, route, le) (rate(loki_request_duration_seconds_bucket` +
        `${loki('route=~"loki_api_v1_query(_range)?"')}[5m]))) > 60`,
      for: "15m",
      severity: "warning",
      summary: "Loki answers slowly.",
      description: 'The slowest hundredth of {{ $labels.route }} takes {{ printf "%.1f" $value }} s.',
    }),
    alert({
      name: "LogharborLokiPanic",
      expr: `sum by (namespace, pod) (increase(loki_panic_total${loki()}[10m])) > 0`,
      severity: "critical",
      summary: "Loki panicked while it served a request.",
      description: "Pod {{ $labels.pod }} panicked; the request failed, and the process went on.",
      logs: { expr: lines('|~ "^panic: "'), threshold: 0 },
    }),
    alert({
      name: "LogharborCompactorNotRunning",
      expr:
        `sum by (namespace) (loki_boltdb_shipper_compactor_running${loki()}) == 0 or ` +
        `time() - max by (namespace) (loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds` +
        `${loki()} > 0) > ${compactionHours * 3600}`,
      for: "15m",
      severity: "warning",
      summary: "Nothing compacts the index or deletes old logs.",
      description: `No compactor runs, or its last success was more than ${compactionHours} h ago.`,
      logs: {
        expr: lines('|= "level=error" | logfmt level, caller | caller=~"(compactor|tables_manager|table).go:.*"'),
        threshold: 2,
        for: "30m",
      },
    }),
    alert({
      name: "LogharborCompactorTwice",
      expr: `sum by (namespace) (loki_boltdb_shipper_compactor_running${loki()}) > 1`,
      for: "10m",
      severity: "critical",
      summary: "More than one compactor runs.",
      description: "{{ $value }} compactors run; two at once can damage the index.",
      logs: {
        expr: lines('|= "level=error" | logfmt msg | msg=~"too many addresses .*"'),
        threshold: 0,
        for: "10m",
      },
    }),
    alert({
      name: "LogharborDiscardedLines",
      expr: `sum by (namespace, tenant, reason) (increase(loki_discarded_samples_total${loki()}[15m])) > 0`,
      severity: "warning",
      summary: "Loki refuses lines.",
      description: 'Tenant {{ $labels.tenant }} lost {{ printf "%.0f" $value }} lines: {{ $labels.reason }}.',
      logs: {
        expr: lines('|= "level=error" | logfmt msg | msg="write operation failed"'),
        threshold: 0,
      },
    }),
    alert({
      name: "LogharborFlushFailures",
      expr: `sum by (namespace, pod) (increase(loki_ingester_chunks_flush_failures_total${loki()}[10m])) > 0`,
      for: "10m",
      severity: "critical",
      summary: `Loki cannot store chunks in ${parts.includes("minio") ? "MinIO" : "its object store"}.`,
      description: "Pod {{ $labels.pod }} keeps lines in memory and on its volume because it cannot store them.",
      logs: {
        expr: lines('|= "level=error" | logfmt level, caller | caller=~"flush.go:.*"'),
        threshold: 0,
        for: "10m",
      },
    }),
    alert({
      name: "LogharborWalDiskFull",
      // From 0.9 on, Loki slows writers down.
      expr:
        `max by (namespace, pod) (loki_ingester_wal_disk_usage_percent${loki()}) > 0.8 or ` +
        `sum by (namespace, pod) (increase(loki_ingester_wal_disk_full_failures_total${loki()}[15m])) > 0`,
      for: "2m",
      severity: "critical",
      summary: "The volume of Loki's write-ahead log is filling up.",
      description: "The write-ahead log of pod {{ $labels.pod }} has little or no space left.",
      logs: {
        expr: lines(
          '|= "level=" | logfmt msg | msg=~"(disk usage exceeded threshold, .*|Error writing to WAL, disk full.*)"',
        ),
        threshold: 0,
      },
    }),
    alert({
      name: "LogharborWalCorrupt",
      // The counter rises while the log is replayed, before the first scrape, so an increase would not show it. It
      // stays until the next start: an hour is enough to tell.
      expr:
        `sum by (namespace, pod) (loki_ingester_wal_corruptions_total${loki()}) > 0 and on (namespace, pod) ` +
        `time() - max by (namespace, pod) (process_start_time_seconds${loki()}) < 3600`,
      severity: "warning",
      summary: "Loki could not read all of its write-ahead log.",
      description: "Pod {{ $labels.pod }} found a damaged write-ahead log when it started.",
      logs: {
        expr: lines('|= "level=error" | logfmt msg | msg=~"Recovered from .* with errors.*"'),
        threshold: 0,
      },
    }),
    alert({
      name: "LogharborRingUnhealthy",
      expr: `max by (namespace, name) (loki_ring_members${loki('state="Unhealthy"')}) > 0`,
      for: "10m",
      severity: "warning",
      summary: "A ring of Loki has members that nobody hears from.",
      description: "Ring {{ $labels.name }} has {{ $value }} unhealthy members.",
      logs: {
        expr: lines(
          '|= "unhealthy instances" | logfmt level, err | level=~"warn|error" | err=~".*unhealthy instances.*"',
        ),
        threshold: 0,
        for: "10m",
      },
    }),
    ...(memcached
      ? [
          alert({
            name: "LogharborCacheDown",
            expr:
              `100 * sum by (namespace, name) (rate(loki_memcache_request_duration_seconds_count${loki('status_code="500"')}[5m])) ` +
              `/ sum by (namespace, name) (rate(loki_memcache_request_duration_seconds_count${loki()}[5m])) > 50`,
            for: "10m",
            severity: "warning",
            summary: "Loki does not reach a cache.",
            description: '{{ printf "%.0f" $value }} % of the requests to cache {{ $labels.name }} fail.',
            logs: {
              expr: lines(
                '|= "level=warn" | logfmt msg | msg=~"(backgroundCache writeBackLoop|error updating memcache).*"',
              ),
              threshold: 0,
              for: "10m",
            },
          }),
        ]
      : []),
  ];
}
