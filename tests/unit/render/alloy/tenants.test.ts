import assert from "node:assert/strict";
import { tenantStages } from "../../../../render/alloy/tenants";
import { alloyPipeline } from "../../../../render/alloy/pipeline";
import { eventsPipeline } from "../../../../render/events/pipeline";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";

describe("tenants of namespaces", () => {
  const stage = (namespaces: string, tenant: string) => `
  stage.match {
    selector = "{namespace=~\\"${namespaces}\\"}"

    stage.tenant {
      value = "${tenant}"
    }
  }
`;

  it("are chosen by one stage each", () => {
    const tenants = { shop: "team-a", billing: "team-b", web: "team-a", plain: "logharbor" };
    assert.equal(
      tenantStages({ tenant: "logharbor", tenants }),
      `${stage("shop|web", "team-a")}${stage("billing", "team-b")}`,
    );
    assert.equal(tenantStages({ tenant: "logharbor", tenants: {} }), "");
  });

  it("get the lines of pods and the events of their namespaces; files of nodes belong to the stack's own", () => {
    const hostFiles = [{ app: "audit", path: "/var/log/kubernetes/audit/audit.log" }];
    const { alloy } = planOf(
      settingsFor("dev", { alloy: { tenants: { shop: "team-a" }, events: { enabled: true }, hostFiles } }),
    );
    const wanted = stage("shop", "team-a");
    assert.equal(alloyPipeline(alloy).split(wanted).length, 2);
    assert.equal(eventsPipeline(alloy.events!).split(wanted).length, 2);
    const host = /loki\.process "host" \{[^]*?\n\}\n/.exec(alloyPipeline(alloy))?.[0] ?? "";
    assert.ok(host !== "" && !host.includes("stage.tenant"));
  });
});
