import type { GrafanaSpec } from "./spec";
import type { Values } from "../pod";

/** One panel. {@link place} computes its position from its size. */
export interface Panel {
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
 * and Alloy are according to their own logs. The result is Grafana's dashboard model, schema version 39.
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

/** Places panels from left to right. A panel that does not fit starts a new row. */
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
