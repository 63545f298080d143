import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

import { canaryName } from "../../domain/names";
import { podsOf, series } from "../monitoring/alert";
import { emptyDashboard, withRows, type Row } from "./panels";
import type { GrafanaSpec } from "./spec";

/*
 * Names of series as Loki 3.7, Alloy 1.18 and MinIO of 2026 have them.
 */

/** The dashboard of the platform over the metrics that a Prometheus reads. */
export function platformDashboard(spec: Pick<GrafanaSpec, "canary" | "minio" | "platform">): Dashboard {
  const { alloy, loki, minio } = spec.platform;
  const rows = [
    ...lokiRows((...matchers) => series(loki, ...matchers), spec.minio ? "MinIO" : "the object store"),
    alloyRow((...matchers) => series(alloy, podsOf("alloy"), ...matchers)),
    ...(spec.minio ? [minioRow(series(minio))] : []),
    ...(spec.canary ? [canaryRow(series(alloy, podsOf(canaryName)))] : []),
  ];
  return withRows(emptyDashboard("Platform, by its metrics", "logharbor-platform"), rows, "prometheus");
}

type Selector = (...matchers: string[]) => string;

function lokiRows(loki: Selector, store: string): Row[] {
  const p99 = (matcher: string) =>
    `histogram_quantile(0.99, sum by (route, le) (rate(loki_request_duration_seconds_bucket${loki(matcher)}[$__rate_interval])))`;
  const queryRoutes = 'route=~"loki_api_v1_(query|query_range|series|labels?|label_name_values|tail)"';
  return [
    {
      title: "Ingest",
      panels: [
        perSecond("Lines received", "tenant", `loki_distributor_lines_received_total${loki()}`),
        { ...perSecond("Bytes received", "tenant", `loki_distributor_bytes_received_total${loki()}`), unit: "Bps" },
        perSecond("Refused lines", "reason", `loki_discarded_samples_total${loki()}`),
        perSecond(
          "Pushes by status",
          "status_code",
          `loki_request_duration_seconds_count${loki('route="loki_api_v1_push"')}`,
        ),
        {
          title: "Duration of pushes, 99th percentile",
          type: "timeseries",
          expr: p99('route="loki_api_v1_push"'),
          legend: "{{route}}",
          unit: "s",
        },
        {
          title: "Streams in memory",
          type: "timeseries",
          expr: `sum by (pod) (loki_ingester_memory_streams${loki()})`,
          legend: "{{pod}}",
        },
      ],
    },
    {
      title: "Queries",
      panels: [
        perSecond("Queries by route", "route", `loki_request_duration_seconds_count${loki(queryRoutes)}`),
        {
          title: "Duration of queries, 99th percentile",
          type: "timeseries",
          expr: p99('route=~"loki_api_v1_query(_range)?"'),
          legend: "{{route}}",
          unit: "s",
        },
        perSecond("Answers with errors", "route", `loki_request_duration_seconds_count${loki('status_code=~"5.."')}`),
      ],
    },
    {
      title: "Storage and retention",
      panels: [
        perSecond(`Chunks flushed to ${store}`, "reason", `loki_ingester_chunks_flushed_total${loki()}`),
        perSecond("Chunks that could not be flushed", "pod", `loki_ingester_chunks_flush_failures_total${loki()}`),
        {
          title: "Use of the write-ahead log's volume",
          type: "timeseries",
          expr: `max by (pod) (loki_ingester_wal_disk_usage_percent${loki()})`,
          legend: "{{pod}}",
          unit: "percentunit",
        },
        {
          title: "Since the last compaction",
          type: "stat",
          expr: `time() - max(loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds${loki()} > 0)`,
          unit: "s",
        },
        {
          title: "Since the last run of retention",
          type: "stat",
          expr: `time() - max(loki_compactor_apply_retention_last_successful_run_timestamp_seconds${loki()} > 0)`,
          unit: "s",
        },
        perSecond(
          "Chunks deleted by retention",
          "status",
          `loki_boltdb_shipper_retention_sweeper_chunk_deleted_duration_seconds_count${loki()}`,
        ),
      ],
    },
  ];
}

function alloyRow(alloy: Selector): Row {
  return {
    title: "Alloy by node",
    panels: [
      perSecond("Lines sent", "pod", `loki_write_sent_entries_total${alloy()}`),
      {
        title: "Dropped lines",
        type: "timeseries",
        expr: `sum by (pod, reason) (increase(loki_write_dropped_entries_total${alloy()}[$__rate_interval]))`,
        legend: "{{pod}} {{reason}}",
      },
      perSecond("Pushes that are tried again", "pod", `loki_write_batch_retries_total${alloy()}`),
      {
        title: "Components that are not healthy",
        type: "timeseries",
        expr: `sum by (pod) (alloy_component_controller_running_components${alloy('health_type!="healthy"')})`,
        legend: "{{pod}}",
      },
      perSecond("CPU in use", "pod", `process_cpu_seconds_total${alloy()}`),
      {
        title: "Memory in use",
        type: "timeseries",
        expr: `sum by (pod) (process_resident_memory_bytes${alloy()})`,
        legend: "{{pod}}",
        unit: "bytes",
      },
    ],
  };
}

/** Each server of MinIO answers for all of them, so the values come several times. */
function minioRow(minio: string): Row {
  return {
    title: "MinIO",
    panels: [
      {
        title: "Usable space that is free",
        type: "timeseries",
        expr: `max by (namespace) (minio_cluster_capacity_usable_free_bytes${minio})`,
        legend: "free",
        unit: "bytes",
      },
      {
        title: "Drives that are offline",
        type: "timeseries",
        expr: `max by (namespace) (minio_cluster_drive_offline_total${minio})`,
        legend: "offline",
      },
      {
        title: "Servers that are offline",
        type: "timeseries",
        expr: `max by (namespace) (minio_cluster_nodes_offline_total${minio})`,
        legend: "offline",
      },
      {
        title: "Objects",
        type: "timeseries",
        expr: `max by (namespace) (minio_cluster_usage_object_total${minio})`,
        legend: "objects",
      },
      {
        title: "Stored",
        type: "timeseries",
        expr: `max by (namespace) (minio_cluster_usage_total_bytes${minio})`,
        legend: "stored",
        unit: "bytes",
      },
      perSecond("Requests", "api", `minio_s3_requests_total${minio}`),
    ],
  };
}

function canaryRow(canary: string): Row {
  const grown = (title: string, metric: string) => ({
    title,
    type: "timeseries" as const,
    expr: `sum by (pod) (increase(loki_canary_${metric}_total${canary}[$__rate_interval]))`,
    legend: "{{pod}}",
  });
  return {
    title: "Canary by node",
    panels: [
      {
        title: "Time until a line is read back, 99th percentile",
        type: "timeseries",
        expr: `histogram_quantile(0.99, sum by (pod, le) (rate(loki_canary_response_latency_seconds_bucket${canary}[$__rate_interval])))`,
        legend: "{{pod}}",
        unit: "s",
      },
      grown("Late lines", "websocket_missing_entries"),
      grown("Missing lines", "missing_entries"),
    ],
  };
}

/** A panel with the rate of a counter by one label. */
function perSecond(title: string, label: string, counter: string): Row["panels"][number] {
  return {
    title: `${title} per second`,
    type: "timeseries",
    expr: `sum by (${label}) (rate(${counter}[$__rate_interval]))`,
    legend: `{{${label}}}`,
  };
}
