import assert from "node:assert/strict";

import { alloyPipeline } from "../../../render/alloy/pipeline";
import { planOf } from "../../../render/plan";
import { releasesOf } from "../../../render/releases";
import { settingsFor, someReceiver, someTier, stackResources, type Overrides } from "../../support/stack";
import type { Tree } from "../../support/tree";

const everything: Overrides = {
  minio: { tier: someTier },
  alerts: { alertmanager: "own", own: { instances: 3, receivers: [someReceiver] } },
};
const ids = /"(runAsUser|runAsGroup|fsGroup)":(\d+)/g;
const alloy = (overrides: Overrides) =>
  releasesOf(settingsFor("prod", overrides)).find(({ name }) => name === "alloy")!.values as Tree;

describe("users, groups and SELinux", () => {
  it("are the platform's with fixedUserIds: false, in every pod that does not need root", async () => {
    const resources = await stackResources("prod", { ...everything, fixedUserIds: false });
    for (const { name, inputs } of resources) {
      const found = [...JSON.stringify(inputs).matchAll(ids)].map(([match]) => match).sort();
      assert.deepEqual(found, name === "logharbor-alloy-release" ? ['"runAsGroup":0', '"runAsUser":0'] : [], name);
    }
    const api = JSON.stringify(alloy({ fixedUserIds: false, alloy: { source: "kubernetes-api" } }));
    assert.deepEqual([...api.matchAll(ids)], [], "Alloy too, if it reads no files");
  });

  it("take away the ids that the charts name by default", () => {
    const none = { runAsUser: null, runAsGroup: null, fsGroup: null };
    const values = Object.fromEntries(
      releasesOf(settingsFor("prod", { fixedUserIds: false })).map(({ name, values: of }) => [name, of as Tree]),
    );
    for (const context of [
      values.loki?.loki?.podSecurityContext,
      values.loki?.gateway?.podSecurityContext,
      values.loki?.memcached?.podSecurityContext,
    ])
      assert.deepEqual(context, none);
    for (const context of [values.minio?.securityContext, values.grafana?.securityContext])
      assert.deepEqual({ ...context, ...none }, context);
  });

  it("stay the images' own by default", async () => {
    const found = (await stackResources("prod", everything)).flatMap(({ inputs }) => [
      ...JSON.stringify(inputs).matchAll(/"runAsUser":(\d+)/g),
    ]);
    assert.deepEqual([...new Set(found.map(([, id]) => id))].sort(), ["0", "1000", "472", "65534"]);
  });

  it("name SELinux's type for Alloy, which else may neither read logs nor keep positions", () => {
    const context = (overrides: Overrides) => alloy({ alloy: overrides }).global?.podSecurityContext as Tree;
    assert.deepEqual(context({ seLinuxType: "spc_t" }).seLinuxOptions, { type: "spc_t" });
    assert.equal(context({}).seLinuxOptions, undefined);
    assert.equal(context({ source: "kubernetes-api", seLinuxType: "spc_t" }).seLinuxOptions, undefined);
  });
});

describe("another folder of pods' logs", () => {
  it("is mounted, read and taken apart", () => {
    const settings = { alloy: { podLogsDir: "/data/pod.logs", excludeNamespaces: ["a"] } };
    const values = alloy(settings);
    const mount = { name: "pod-logs", mountPath: "/data/pod.logs", readOnly: true };
    assert.ok(JSON.stringify(values.alloy?.mounts).includes(JSON.stringify(mount)));
    assert.ok(JSON.stringify(values.controller?.volumes).includes('"hostPath":{"path":"/data/pod.logs"}'));
    const pipeline = alloyPipeline(planOf(settingsFor("prod", settings)).alloy);
    assert.ok(pipeline.includes('__path__ = "/data/pod.logs/*/*/*.log"'));
    assert.ok(pipeline.includes('"^/data/pod\\\\.logs/(?P<namespace>'), pipeline);
    assert.ok(!pipeline.includes("/var/log/pods"));
    const below = alloy({ alloy: { podLogsDir: "/var/log/other" } });
    assert.ok(!JSON.stringify(below.alloy?.mounts).includes("pod-logs"), "the chart mounts /var/log");
  });
});
