import assert from "node:assert/strict";

import { dashboard } from "../../../../render/grafana/dashboard";
import { dataSourceUid } from "../../../../render/grafana/dataSource";
import { settingsFor } from "../../../support/stack";

describe("the dashboard", () => {
  type Panel = {
    id: number;
    title: string;
    datasource: { uid: string };
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  };
  const { namespaces } = settingsFor("dev");
  const panels = dashboard(namespaces).panels as unknown as Panel[];

  const assertApart = (positions: Panel["gridPos"][]) => {
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

  it("has no two panels in one place, and none outside the 24 columns", () => {
    assertApart(panels.map(({ gridPos }) => gridPos));
  });

  it("reads the provisioned data source, with distinct ids and titles", () => {
    assert.ok(panels.every(({ datasource }) => datasource.uid === dataSourceUid));
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  });

  it("looks at the namespaces that are set", () => {
    const names = { minio: "m", loki: "l", alloy: "a", grafana: "g" };
    const queries = (dashboard(names).panels as unknown as Panel[])
      .flatMap(({ targets }) => targets.map(({ expr }) => expr))
      .join("\n");
    assert.ok(
      queries.includes('namespace="l"') && queries.includes('namespace="a"') && !queries.includes("logharbor-"),
    );
  });

  it("has queries with balanced brackets and quotes", () => {
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      for (const pair of ["()", "{}", "[]"])
        assert.equal(expr.split(pair[0]!).length, expr.split(pair[1]!).length, expr);
      assert.equal(expr.split('"').length % 2, 1, expr);
    }
  });
});
