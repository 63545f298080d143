import assert from "node:assert/strict";

import { parse } from "yaml";

import { alertingFiles } from "../../../../render/grafana/alerting";
import { grafanaValues } from "../../../../render/grafana/values";
import { planOf } from "../../../../render/plan";
import { settingsFor, someReceiver, type Overrides } from "../../../support/stack";
import { textAt, type Tree } from "../../../support/tree";

const specOf = (alerts: Overrides) => planOf(settingsFor("dev", { alerts })).grafana!;
const filesOf = (alerts: Overrides) =>
  Object.fromEntries(Object.entries(alertingFiles(specOf(alerts))).map(([name, text]) => [name, parse(text) as Tree]));
const rule = { name: "A", expr: 'sum(rate({namespace=~".+"}[1m]))', threshold: 3, severity: "critical" };
const own = { alertmanager: "own", own: { receivers: [someReceiver] } };

describe("Grafana's alerts", () => {
  it("compare the query's numbers with the threshold, without the platform's logs", () => {
    const [group] = filesOf({ grafanaRules: [{ ...rule, for: "2m" }] })["rules.yaml"]!.groups as unknown as Tree[];
    const [first] = group!.rules as unknown as Tree[];
    assert.deepEqual(
      [first?.title, first?.condition, first?.for, first?.labels],
      ["A", "C", "2m", { severity: "critical" }],
    );
    const [query, threshold] = (first!.data as unknown as Tree[]).map(({ model }) => model);
    assert.match(textAt(query, "expr"), /namespace!~"logharbor-alloy\|/);
    assert.deepEqual(threshold?.conditions, [{ evaluator: { params: [3], type: "gt" } }]);
  });

  it("keep what Grafana would take for a variable of its environment", () => {
    const summary = "{{ $labels.namespace }} costs $5";
    const [group] = filesOf({ grafanaRules: [{ ...rule, summary }] })["rules.yaml"]!.groups as unknown as Tree[];
    const [first] = group!.rules as unknown as Tree[];
    assert.equal(first?.annotations?.summary, "{{ $$labels.namespace }} costs $$5");
  });

  it("go when their settings go", () => {
    const deleted = (alerts: Overrides) =>
      (filesOf(alerts)["rules.yaml"]!.deleteRules as unknown as Tree[]).map(({ uid }) => uid);
    assert.equal(deleted({ grafanaRules: [] }).length, 20);
    assert.equal(deleted({ grafanaRules: [rule] })[0], "logharbor-rule-1");
    assert.deepEqual(filesOf({})["contact-points.yaml"], {
      apiVersion: 1,
      deleteContactPoints: [{ orgId: 1, uid: "logharbor-alertmanager" }],
    });
  });

  it("go to the Alertmanager by a contact point of their own, and leave the notification policies alone", () => {
    const files = filesOf(own);
    const [group] = files["rules.yaml"]!.groups as unknown as Tree[];
    assert.equal((group!.rules as unknown as Tree[])[0]?.notification_settings?.receiver, "logharbor-alertmanager");
    const [point] = files["contact-points.yaml"]!.contactPoints as unknown as Tree[];
    assert.equal(point?.name, "logharbor-alertmanager");
    assert.ok(Object.values(files).every((file) => !("policies" in file)));
  });

  it("restart Grafana when they change, which reads them only then", () => {
    const checksum = (alerts: Overrides) => (grafanaValues(specOf(alerts)) as Tree).podAnnotations;
    assert.notDeepEqual(checksum({}), checksum({ grafanaRules: [rule] }));
  });
});
