import type { GrafanaSpec } from "./values";
import type { Values } from "../pod";

/** One panel, placed by its size. */
export interface Panel {
  title: string;
  type: "timeseries" | "logs" | "stat";
  expr: string;
  /** Name of a series; LogQL labels in double braces. */
  legend?: string;
  /** Columns of 24, rows. */
  width: number;
  height: number;
}

/**
 * The one dashboard: how much each namespace logs and at which level, the newest errors, and whether Loki and Alloy are
 * well, as far as their own logs tell. Grafana's dashboard model, schema version 39.
 */
export function dashboard(dataSourceUid: string, namespaces: GrafanaSpec["platform"]): Values {
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
  const datasource = { type: "loki", uid: dataSourceUid };
  return {
    uid: "logharbor-logs",
    title: "Logs",
    tags: ["logharbor"],
    schemaVersion: 39,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: {
      list: [
        {
          name: "namespace",
          type: "query",
          datasource,
          query: { label: "namespace", type: 1, stream: "" },
          includeAll: true,
          allValue: ".+",
          multi: true,
          refresh: 2,
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels: place(panels).map(({ panel, gridPos }, index) => ({
      id: index + 1,
      title: panel.title,
      type: panel.type,
      datasource,
      gridPos,
      targets: [
        {
          refId: "A",
          datasource,
          expr: panel.expr,
          queryType: panel.type === "stat" ? "instant" : "range",
          ...(panel.legend === undefined ? {} : { legendFormat: panel.legend }),
        },
      ],
      ...(panel.type === "logs" ? { options: { showTime: true, wrapLogMessage: true, sortOrder: "Descending" } } : {}),
    })),
  };
}

/** Panels from left to right, a new row where the next one does not fit. */
export function place(panels: Panel[]): { panel: Panel; gridPos: { x: number; y: number; w: number; h: number } }[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel) => {
    if (x + panel.width > 24) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w: panel.width, h: panel.height };
    x += panel.width;
    rowHeight = Math.max(rowHeight, panel.height);
    return { panel, gridPos };
  });
}
