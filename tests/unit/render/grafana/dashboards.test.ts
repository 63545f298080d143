import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { faultIn } from "../../../../domain/logql";
import { dashboardFiles } from "../../../../render/grafana/dashboards";
import { dataSourceUid, prometheusUid } from "../../../../render/grafana/dataSource";
import { logsDashboard } from "../../../../render/grafana/logsDashboard";
import { platformDashboard } from "../../../../render/grafana/platformDashboard";
import { platformLogsDashboard } from "../../../../render/grafana/platformLogsDashboard";
import { grafanaValues } from "../../../../render/grafana/values";
import { planOf } from "../../../../render/plan";
import { panelsOf, queriesOf, type ShownPanel } from "../../../support/dashboards";
import { promqlFault } from "../../../support/promql";
import { settingsFor, type Overrides } from "../../../support/stack";

const monitoring = { namespaces: ["monitoring"], prometheusUrl: "http://prometheus.monitoring.svc:9090" };
const spec = { platform: settingsFor("dev").namespaces, canary: true, minio: true };
const dashboards = [
  ["logs", logsDashboard(), dataSourceUid],
  ["platform, by its logs", platformLogsDashboard(spec), dataSourceUid],
  ["platform, by its metrics", platformDashboard(spec), prometheusUid],
] as const;

const assertApart = (positions: ShownPanel["gridPos"][]) => {
  const taken = new Set<string>();
  for (const at of positions) {
    assert.ok(at.x >= 0 && at.x + at.w <= 24);
    for (let x = at.x; x < at.x + at.w; x++) {
      for (let y = at.y; y < at.y + at.h; y++) {
        assert.ok(!taken.has(`${x},${y}`), `two panels at ${x},${y}`);
        taken.add(`${x},${y}`);
      }
    }
  }
};

for (const [title, dashboard, source] of dashboards)
  describe(`the dashboard ${title}`, () => {
    const panels = panelsOf(dashboard);
    const asking = panels.filter(({ type }) => type !== "row");

    it("has no two panels in one place, and none outside the 24 columns", () => {
      assertApart(panels.map(({ gridPos }) => gridPos));
    });

    it("reads its provisioned data source, with distinct ids and titles", () => {
      assert.ok(asking.length > 3 && asking.every(({ datasource }) => datasource?.uid === source));
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      assert.equal(new Set(panels.map(({ title: text }) => text)).size, panels.length);
    });

    it("has queries that the grammar reads", async () => {
      const queries = queriesOf(dashboard);
      assert.equal(queries.size, asking.length);
      for (const [panel, query] of queries) {
        const fault = source === prometheusUid ? await promqlFault(query) : faultIn(query);
        assert.equal(fault, undefined, `${panel}: ${query}`);
      }
    });
  });

describe("the dashboards", () => {
  it("look at the namespaces that are set", () => {
    const platform = { minio: "m", loki: "l", alloy: "a", grafana: "g" };
    for (const dashboard of [
      platformLogsDashboard({ platform, canary: true, minio: true }),
      platformDashboard({ platform, canary: true, minio: true }),
    ]) {
      const queries = [...queriesOf(dashboard).values()].join("\n");
      for (const name of ["l", "a", "m"]) assert.ok(queries.includes(`namespace="${name}"`), name);
      assert.ok(!queries.includes('namespace="logharbor-') && !queries.includes('"logharbor-loki'));
    }
  });

  it("are about metrics only where Grafana has a Prometheus, and about the canary only where it runs", () => {
    const made = (overrides: Overrides) => planOf(settingsFor("dev", overrides)).grafana!;
    assert.deepEqual(Object.keys(dashboardFiles(made({}))), ["logs.json", "platform-logs.json"]);
    assert.deepEqual(Object.keys(dashboardFiles(made({ monitoring }))), [
      "logs.json",
      "platform-logs.json",
      "platform.json",
    ]);
    const sources = JSON.stringify(grafanaValues(made({ monitoring })).datasources);
    assert.ok(sources.includes(monitoring.prometheusUrl) && sources.includes(prometheusUid));
    assert.ok(!JSON.stringify(dashboardFiles(made({ monitoring }))).includes("canary"));
    assert.ok(JSON.stringify(dashboardFiles(made({ canary: { enabled: true } }))).includes("logharbor-canary"));
  });

  it("are those of the files too, as they are", () => {
    const file = "tests/support/grafana/shop.json";
    const files = dashboardFiles(planOf(settingsFor("dev", { grafana: { dashboardFiles: [file] } })).grafana!);
    assert.deepEqual(JSON.parse(files["further-0.json"] ?? ""), JSON.parse(readFileSync(file, "utf8")));
  });

  it("lead from a stream to its lines, by every index label", () => {
    const [link] = panelsOf(logsDashboard()).flatMap(({ fieldConfig }) => fieldConfig?.defaults.links ?? []);
    const { uid, templating } = logsDashboard();
    const variables = (templating?.list ?? []).map(({ name }) => name);
    assert.deepEqual(variables, ["namespace", "app", "container", "node"]);
    const [path, query] = (link?.url ?? "").split("?") as [string, string];
    assert.equal(path, `/d/${uid}`);
    assert.deepEqual(query.split("&"), [
      ...variables.map((name) => `var-${name}=\${__field.labels.${name}}`),
      "${__url_time_range}",
    ]);
  });
});
