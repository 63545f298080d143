import assert from "node:assert/strict";

import { onAbleNodes, canRun, collects } from "../../../../render/alloy/nodes";
import { quotaSpec } from "../../../../render/alloy/quota";
import { alloyValues } from "../../../../render/alloy/values";
import { planOf } from "../../../../render/plan";
import { settingsFor, stackResources, type Overrides } from "../../../support/stack";
import { at, type Tree } from "../../../support/tree";

const linux = { "kubernetes.io/os": "linux" };
const controller = (alloy: Overrides = {}) =>
  (alloyValues(planOf(settingsFor("prod", { alloy })).alloy) as Tree).controller!;

describe("the nodes of Alloy", () => {
  it("are every Linux node but virtual ones, and the affinity says the same", () => {
    const cases: [labels: Record<string, string>, runs: boolean][] = [
      [linux, true],
      [{ "kubernetes.io/os": "windows" }, false],
      [{ ...linux, type: "virtual-kubelet" }, false],
      [{ ...linux, "eks.amazonaws.com/compute-type": "fargate" }, false],
      [{ ...linux, "eks.amazonaws.com/compute-type": "auto" }, true],
    ];
    const expressions = at(
      onAbleNodes(planOf(settingsFor("prod")).alloy),
      ..."affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions".split(
        ".",
      ),
    ) as { key: string; operator: string; values: string[] }[];
    for (const [labels, runs] of cases) {
      assert.equal(canRun(labels), runs, JSON.stringify(labels));
      const matches = expressions.every(
        ({ key, operator, values }) => values.includes(labels[key] ?? "") === (operator === "In"),
      );
      assert.equal(matches, runs, JSON.stringify(labels));
    }
    const some = { nodeSelector: { logs: "yes" } };
    assert.deepEqual([collects({ ...linux, logs: "yes" }, some), collects(linux, some)], [true, false]);
  });

  it("are chosen by the settings, in the words of a pod", () => {
    assert.deepEqual(controller().tolerations, [{ operator: "Exists" }]);
    const tolerations = [{ key: "dedicated", operator: "Equal", value: "logs", effect: "NoSchedule" }];
    const chosen = controller({ tolerations, nodeSelector: { logs: "yes" } });
    assert.deepEqual([chosen.tolerations, chosen.nodeSelector], [tolerations, { ...linux, logs: "yes" }]);
  });

  it("are not kept from an update by one that is away", () => {
    assert.deepEqual(controller().updateStrategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "50%" } });
  });

  it("have room for Alloy: it is critical, and a quota allows it where the cluster wants one", async () => {
    assert.equal(controller().priorityClassName, "system-node-critical");
    assert.ok(!("priorityClassName" in controller({ priorityClassName: "" })));
    const quotas = async (alloy: Overrides) =>
      (await stackResources("dev", { alloy })).filter(({ type }) => type === "kubernetes:core/v1:ResourceQuota");
    const [quota] = await quotas({});
    assert.deepEqual(quota?.inputs.spec, quotaSpec({ priorityClassName: "system-node-critical" }));
    for (const other of ["", "logging"]) assert.deepEqual(await quotas({ priorityClassName: other }), []);
  });

  it("are Linux nodes for every other pod of the platform", async () => {
    const resources = await stackResources("prod", {
      alerts: { alertmanager: "own", own: { receivers: [{ name: "a", type: "webhook", secret: "b" }] } },
    });
    const selectors = (name: string) =>
      JSON.stringify(resources.find((one) => one.name === name)?.inputs).split(JSON.stringify(linux)).length - 1;
    assert.equal(selectors("logharbor-minio-release"), 1);
    assert.equal(selectors("logharbor-loki-release"), 7, "four targets, the gateway and two caches");
    assert.equal(selectors("logharbor-grafana-release"), 1);
    assert.equal(selectors("logharbor-loki-alertmanager-workload"), 1);
  });
});
