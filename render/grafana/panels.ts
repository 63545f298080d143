import { LogsSortOrder, VizLegendOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsBuilder } from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQueryBuilder, LokiQueryType } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder as PrometheusQueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import { dataSourceUid, prometheusUid } from "./dataSource";

/** One panel of a dashboard. */
export interface Panel {
  /** Title that people read. */
  title: string;
  /** Grafana's type of panel. `stat` shows the value of now. */
  type: "timeseries" | "logs" | "stat";
  /** Query: LogQL or PromQL, whichever its dashboard asks. */
  expr: string;
  /** Name of a series, with its labels in double braces. Default: Grafana's. */
  legend?: string;
  /** Grafana's name of the unit. Default: a plain number. */
  unit?: string;
  /** Where a series leads: title and address, in which `${__field.labels.NAME}` is a label of the series. */
  link?: { title: string; url: string };
  /** Width in columns; the dashboard has 24. Default: 8. */
  width?: number;
  /** Height in rows of Grafana's grid. Default: 7. */
  height?: number;
}

/** Panels below a heading. */
export interface Row {
  /** The heading. */
  title: string;
  /** From left to right, and then below. */
  panels: readonly Panel[];
}

/** Whom the panels of a dashboard ask. */
export type Source = "loki" | "prometheus";

const tag = "logharbor";

/** A dashboard without panels. From it, people reach the other dashboards of the stack. */
export function emptyDashboard(title: string, uid: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .tags([tag])
    .readonly()
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .link(
      new DashboardLinkBuilder("Logharbor")
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .keepTime(true),
    );
}

/** The dashboard with rows of panels. The builder places panels from left to right. */
export function withRows(builder: DashboardBuilder, rows: readonly Row[], source: Source): Dashboard {
  let id = 0;
  for (const { title, panels } of rows) {
    builder.withRow(new RowBuilder(title).id(++id));
    for (const panel of panels) builder.withPanel(panelOf(panel, source).id(++id));
  }
  return builder.build();
}

/** Both data sources, as panels name them. */
export const dataSources = {
  loki: { type: "loki", uid: dataSourceUid },
  prometheus: { type: "prometheus", uid: prometheusUid },
} as const;

function panelOf(panel: Panel, source: Source): Builder {
  const { height = 7, link, title, type, unit, width = 8 } = panel;
  const builder = builders[type]()
    .title(title)
    .datasource(dataSources[source])
    .span(width)
    .height(height)
    .withTarget(queries[source](panel).datasource(dataSources[source]));
  if (unit !== undefined) builder.unit(unit);
  if (link !== undefined) builder.dataLinks([new DashboardLinkBuilder(link.title).url(link.url)]);
  return builder;
}

const queries = { loki: lokiQuery, prometheus: prometheusQuery } as const;

function lokiQuery({ expr, legend, type }: Panel): LokiQueryBuilder {
  const query = new LokiQueryBuilder()
    .refId("A")
    .expr(expr)
    .queryType(type === "stat" ? LokiQueryType.Instant : LokiQueryType.Range);
  return legend === undefined ? query : query.legendFormat(legend);
}

function prometheusQuery({ expr, legend, type }: Panel): PrometheusQueryBuilder {
  const query = new PrometheusQueryBuilder().refId("A").expr(expr);
  if (legend !== undefined) query.legendFormat(legend);
  return type === "stat" ? query.instant() : query.range();
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
