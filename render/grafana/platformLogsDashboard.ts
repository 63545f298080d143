import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

import { canaryName } from "../../domain/names";
import { writtenLine } from "../canary/objects";
import { emptyDashboard, withRows, type Row } from "./panels";
import type { GrafanaSpec } from "./spec";

/** The dashboard of the platform over its own logs, which takes no Prometheus. */
export function platformLogsDashboard(spec: Pick<GrafanaSpec, "canary" | "minio" | "platform">): Dashboard {
  const { alloy, loki, minio } = spec.platform;
  const platform = `{namespace=~"${[...new Set([loki, alloy, ...(spec.minio ? [minio] : [])])].join("|")}"}`;
  const lokiLines = `{namespace="${loki}", app="loki"}`;
  const alloyLines = `{namespace="${alloy}", app="alloy"}`;
  // Loki logs a line for each query, with its text. Only the process that a client asked calls itself the frontend. In
  // a query for numbers, `logfmt` with several names leaves some of them empty (Loki 3.7), so it has one.
  const queries = `${lokiLines} |= "caller=metrics.go" |= "component=frontend"`;
  const saying = (message: string) =>
    `sum by (pod) (count_over_time(${lokiLines} |= "${message}" | logfmt msg | msg="${message}" [$__auto]))`;
  const rows: Row[] = [
    {
      title: "Ingest",
      panels: [
        {
          title: "Lines by namespace",
          type: "timeseries",
          expr: 'sum by (namespace) (count_over_time({namespace=~".+"}[$__auto]))',
          legend: "{{namespace}}",
        },
        {
          title: "Bytes by namespace",
          type: "timeseries",
          expr: 'sum by (namespace) (bytes_over_time({namespace=~".+"}[$__auto]))',
          legend: "{{namespace}}",
          unit: "bytes",
        },
        {
          title: "Pushes that Loki refuses",
          type: "timeseries",
          expr: saying("write operation failed"),
          legend: "{{pod}}",
        },
      ],
    },
    {
      title: "Queries",
      panels: [
        {
          title: "Queries by kind",
          type: "timeseries",
          expr: `sum by (query_type) (count_over_time(${queries} | logfmt query_type [$__auto]))`,
          legend: "{{query_type}}",
        },
        {
          title: "Duration of queries, 99th percentile",
          type: "timeseries",
          expr: `quantile_over_time(0.99, ${queries} | logfmt duration | unwrap duration(duration) [$__auto]) by ()`,
          legend: "99th percentile",
          unit: "s",
        },
        {
          title: "Queries that failed or took more than 5 s",
          type: "logs",
          expr: `${queries} | logfmt duration, status | duration > 5s or status != "200"`,
        },
      ],
    },
    {
      title: "Storage and retention",
      panels: [
        {
          title: `Streams that are flushed to ${spec.minio ? "MinIO" : "the object store"}`,
          type: "timeseries",
          expr: saying("flushing stream"),
          legend: "{{pod}}",
        },
        {
          title: "Tables that are compacted",
          type: "timeseries",
          expr: saying("finished compacting table"),
          legend: "{{pod}}",
        },
        ...(spec.minio ? [minioErrors(minio)] : []),
      ],
    },
    {
      title: "Alloy by node",
      panels: [
        {
          title: "Lines by node",
          type: "timeseries",
          expr: 'sum by (node) (count_over_time({namespace=~".+"}[$__auto]))',
          legend: "{{node}}",
        },
        {
          title: "Warnings and errors of Alloy by node",
          type: "timeseries",
          expr: `sum by (node) (count_over_time(${alloyLines} | logfmt level | level=~"warn|error" [$__auto]))`,
          legend: "{{node}}",
        },
        {
          title: "Nodes that send logs",
          type: "stat",
          expr: 'count(sum by (node) (count_over_time({namespace=~".+"}[5m])))',
        },
      ],
    },
    ...(spec.canary ? [canaryRow(`{namespace="${alloy}", app="${canaryName}"}`)] : []),
    {
      title: "The platform's own words",
      panels: [
        {
          title: "Warnings and errors of the platform",
          type: "logs",
          expr: `${platform} | logfmt level | level=~"warn|error"`,
          width: 24,
          height: 10,
        },
      ],
    },
  ];
  return withRows(emptyDashboard("Platform, by its logs", "logharbor-platform-logs"), rows, "loki");
}

function minioErrors(namespace: string): Row["panels"][number] {
  return {
    title: "MinIO: errors and offline drives",
    type: "timeseries",
    expr: `sum by (pod) (count_over_time({namespace="${namespace}", app="minio"} |~ "(?i)error|offline" [$__auto]))`,
    legend: "{{pod}}",
  };
}

function canaryRow(lines: string): Row {
  const counted = (text: string) => `sum by (node) (count_over_time(${lines} |~ "^${text}" [$__auto]))`;
  return {
    title: "Canary by node",
    panels: [
      {
        title: "Lines that arrived whole, of 6 a minute",
        type: "timeseries",
        expr: `sum by (node) (count_over_time(${lines} |~ \`${writtenLine}\` [1m]))`,
        legend: "{{node}}",
      },
      {
        title: "Late lines",
        type: "timeseries",
        expr: counted("websocket failed to receive entry"),
        legend: "{{node}}",
      },
      { title: "Missing lines", type: "timeseries", expr: counted("failed to receive entry"), legend: "{{node}}" },
    ],
  };
}
