import { LogsSortOrder, VizLegendOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  type Dashboard,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsBuilder } from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder, LokiQueryType } from "@grafana/grafana-foundation-sdk/loki";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import { dataSourceUid } from "./dataSource";
import type { GrafanaSpec } from "./spec";

/** One panel. The builder places panels from left to right. */
interface Panel {
  /** Title that people read. */
  title: string;
  /** Grafana's type of panel. */
  type: "timeseries" | "logs" | "stat";
  /** Query in LogQL. */
  expr: string;
  /** Name of a series, with LogQL labels in double braces. Default: Grafana's. */
  legend?: string;
  /** Width in columns; the dashboard has 24. */
  width: number;
  /** Height in rows of Grafana's grid. */
  height: number;
}

/**
 * The only dashboard. It shows how much each namespace logs and at which level, the newest errors, and how healthy Loki
 * and Alloy are according to their own logs. The result is Grafana's dashboard model.
 */
export function dashboard(namespaces: GrafanaSpec["platform"]): Dashboard {
  const platform = `namespace=~"${namespaces.loki}|${namespaces.alloy}|${namespaces.minio}"`;
  const panels: Panel[] = [
    {
      title: "Lines by namespace",
      type: "timeseries",
      expr: 'sum by (namespace) (count_over_time({namespace=~".+"}[$__auto]))',
      legend: "{{namespace}}",
      width: 12,
      height: 8,
    },
    {
      title: "Lines by level",
      type: "timeseries",
      expr: 'sum by (detected_level) (count_over_time({namespace=~"$namespace"}[$__auto]))',
      legend: "{{detected_level}}",
      width: 12,
      height: 8,
    },
    {
      title: "Newest errors",
      type: "logs",
      expr: '{namespace=~"$namespace"} |~ "(?i)error|exception|fatal|panic"',
      width: 24,
      height: 10,
    },
    {
      title: "Loki: errors",
      type: "stat",
      expr: `sum(count_over_time({namespace="${namespaces.loki}"} | logfmt level | level="error" [$__range]))`,
      width: 6,
      height: 5,
    },
    {
      title: "Alloy: errors",
      type: "stat",
      expr: `sum(count_over_time({namespace="${namespaces.alloy}"} | logfmt level | level="error" [$__range]))`,
      width: 6,
      height: 5,
    },
    {
      title: "Alloy: batches that failed to send",
      type: "stat",
      expr: `sum(count_over_time({namespace="${namespaces.alloy}"} |= "error sending batch" [$__range]))`,
      width: 6,
      height: 5,
    },
    {
      title: "Nodes that send logs",
      type: "stat",
      expr: 'count(sum by (node) (count_over_time({namespace=~".+"}[5m])))',
      width: 6,
      height: 5,
    },
    {
      title: "Warnings and errors of the platform",
      type: "logs",
      expr: `{${platform}} | logfmt level | level=~"warn|error"`,
      width: 24,
      height: 8,
    },
  ];
  const builder = new DashboardBuilder("Logs")
    .uid("logharbor-logs")
    .tags(["logharbor"])
    .readonly()
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(
      new QueryVariableBuilder("namespace")
        .datasource(datasource)
        .query({ label: "namespace", type: 1, stream: "" })
        .includeAll(true)
        .allValue(".+")
        .multi(true)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .current({ text: "All", value: "$__all" }),
    );
  panels.forEach((panel, index) => builder.withPanel(panelOf(panel).id(index + 1)));
  return builder.build();
}

const datasource = { type: "loki", uid: dataSourceUid };

function panelOf({ expr, height, legend, title, type, width }: Panel): Builder {
  const query = new DataqueryBuilder()
    .refId("A")
    .datasource(datasource)
    .expr(expr)
    .queryType(type === "stat" ? LokiQueryType.Instant : LokiQueryType.Range);
  if (legend !== undefined) query.legendFormat(legend);
  return builders[type]().title(title).datasource(datasource).span(width).height(height).withTarget(query);
}

type Builder = TimeseriesBuilder | LogsBuilder | StatBuilder;

const builders: Readonly<Record<Panel["type"], () => Builder>> = {
  timeseries: () => new TimeseriesBuilder().legend(new VizLegendOptionsBuilder().showLegend(true)),
  stat: () => new StatBuilder(),
  logs: () =>
    new LogsBuilder()
      .showTime(true)
      .wrapLogMessage(true)
      .sortOrder(LogsSortOrder.Descending)
      // From a line to its stream: its labels as filters, and the lines around it.
      .enableLogDetails(true)
      .showLogContextToggle(true),
};
