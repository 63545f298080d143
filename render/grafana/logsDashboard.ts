import { QueryVariableBuilder, VariableRefresh, type Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

import { dataSources, emptyDashboard, withRows } from "./panels";

/** Id of the dashboard, which is part of its address. */
const uid = "logharbor-logs";

/** Index labels, by which people choose streams: each one's values depend on those before. */
const chosenBy = ["namespace", "app", "container", "node"] as const;

/** The streams that the variables choose. Some pods have no `app`. */
const chosen = `{${chosenBy.map((label) => `${label}=~"$${label}"`).join(", ")}}`;

/** Address of this dashboard with one stream chosen: that of the series which leads there. */
const stream = `/d/${uid}?${chosenBy.map((label) => `var-${label}=\${__field.labels.${label}}`).join("&")}&\${__url_time_range}`;

/** The dashboard over the cluster's logs: how much each stream logs and at which level, errors, and the lines. */
export function logsDashboard(): Dashboard {
  const builder = emptyDashboard("Logs", uid);
  chosenBy.forEach((label, index) => builder.withVariable(variable(label, chosenBy.slice(0, index))));
  return withRows(
    builder,
    [
      {
        title: "Streams",
        panels: [
          {
            title: "Lines by stream",
            type: "timeseries",
            expr: `topk(20, sum by (${chosenBy.join(", ")}) (count_over_time(${chosen}[$__auto])))`,
            legend: "{{namespace}} {{app}} {{container}} {{node}}",
            link: { title: "Lines of this stream", url: stream },
            width: 12,
            height: 8,
          },
          {
            title: "Lines by level",
            type: "timeseries",
            expr: `sum by (detected_level) (count_over_time(${chosen}[$__auto]))`,
            legend: "{{detected_level}}",
            width: 12,
            height: 8,
          },
        ],
      },
      {
        title: "Lines",
        panels: [
          {
            title: "Newest errors",
            type: "logs",
            expr: `${chosen} |~ "(?i)error|exception|fatal|panic"`,
            width: 24,
            height: 10,
          },
          { title: "Newest lines", type: "logs", expr: chosen, width: 24, height: 12 },
        ],
      },
    ],
    "loki",
  );
}

function variable(label: string, before: readonly string[]): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(label)
      .datasource(dataSources.loki)
      .query({
        label,
        type: 1,
        stream: before.length === 0 ? "" : `{${before.map((name) => `${name}=~"$${name}"`).join(", ")}}`,
      })
      .includeAll(true)
      // Every line has a namespace, and Loki wants one matcher that no empty value satisfies.
      .allValue(label === "namespace" ? ".+" : ".*")
      .multi(true)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .current({ text: "All", value: "$__all" })
  );
}
