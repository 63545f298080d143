import assert from "node:assert/strict";

import { alloyPipeline } from "../../../render/alloy/pipeline";
import { dataSourceUid } from "../../../render/grafana/dataSource";
import { grafanaValues } from "../../../render/grafana/values";
import { planOf } from "../../../render/plan";
import { settingsFor } from "../../support/stack";
import type { Tree } from "../../support/tree";

describe("the plan", () => {
  it("gives Alloy and Grafana the same address of Loki", () => {
    for (const profile of ["dev", "prod"] as const) {
      const { addresses, alloy, grafana } = planOf(settingsFor(profile));
      assert.ok(alloyPipeline(alloy).includes(`"${addresses.loki}/loki/api/v1/push"`));
      assert.ok(JSON.stringify(grafanaValues(grafana!).datasources).includes(`"url":"${addresses.loki}"`));
    }
  });

  it("gives Alloy and the data source the same tenant", () => {
    const { alloy, grafana } = planOf(settingsFor("dev", { tenant: "team-a" }));
    assert.ok(alloyPipeline(alloy).includes('tenant_id = "team-a"'));
    const { datasources } = grafanaValues(grafana!) as Tree;
    const [source] = datasources!["datasources.yaml"]!.datasources as unknown as [Tree];
    assert.deepEqual(
      [source.uid, source.jsonData?.httpHeaderName1, source.secureJsonData?.httpHeaderValue1],
      [dataSourceUid, "X-Scope-OrgID", "team-a"],
    );
  });
});
