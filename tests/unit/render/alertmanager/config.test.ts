import assert from "node:assert/strict";

import { alertmanagerConfig } from "../../../../render/alertmanager/config";
import { alertmanagerStatefulSet } from "../../../../render/alertmanager/objects";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";
import type { Tree } from "../../../support/tree";

const receivers = [
  { name: "hook", type: "webhook", secret: "hook-secret" },
  { name: "chat", type: "slack", secret: "chat", channel: "#alerts", severities: ["critical", "warning"] },
  { name: "pager", type: "pagerduty", secret: "pager", severities: ["critical"] },
  {
    name: "mail",
    type: "email",
    to: "a@example.com",
    from: "b@example.com",
    smarthost: "m:25",
    username: "b",
    secret: "mail",
  },
];
const specOf = (instances: number) =>
  planOf(settingsFor("dev", { alerts: { alertmanager: "own", own: { instances, receivers } } })).loki.alertmanager!;
const marks = { labels: { a: "b" }, annotations: { c: "d" } };

describe("the stack's own Alertmanager", () => {
  it("reads every secret from a file", () => {
    const config = JSON.stringify(alertmanagerConfig(specOf(1)));
    for (const file of ["hook/url", "chat/url", "pager/routing-key", "mail/password"])
      assert.ok(config.includes(`_file":"/etc/alertmanager/secrets/${file}"`), file);
  });

  it("tells each receiver of its severities, and several of one alert", () => {
    const { route } = alertmanagerConfig(specOf(1)) as Tree;
    assert.deepEqual(
      (route!.routes as unknown as Tree[]).map(({ receiver, matchers, continue: further }) => [
        receiver,
        matchers,
        further,
      ]),
      [
        ["hook", undefined, true],
        ["chat", ['severity=~"critical|warning"'], true],
        ["pager", ['severity=~"critical"'], true],
        ["mail", undefined, true],
      ],
    );
  });

  it("mounts the Secrets that the receivers name, each in the folder of its receiver", () => {
    const { template } = alertmanagerStatefulSet(specOf(1), {}, marks) as Tree;
    const [container] = template!.spec!.containers as unknown as Tree[];
    assert.deepEqual(
      (container!.volumeMounts as unknown as Tree[]).map(({ mountPath }) => mountPath).slice(2),
      ["hook", "chat", "pager", "mail"].map((name) => `/etc/alertmanager/secrets/${name}`),
    );
    assert.deepEqual(
      (template!.spec!.volumes as unknown as Tree[]).slice(1).map(({ secret }) => secret?.secretName),
      ["hook-secret", "chat", "pager", "mail"],
    );
  });

  it("joins its replicas, and has no cluster where it is alone", () => {
    const args = (instances: number) =>
      (
        (alertmanagerStatefulSet(specOf(instances), {}, marks) as Tree).template!.spec!.containers as unknown as Tree[]
      )[0]?.args as unknown as string[];
    assert.ok(args(1).includes("--cluster.listen-address="));
    assert.deepEqual(
      args(3).filter((arg) => arg.startsWith("--cluster.peer")),
      [0, 1, 2].map((index) => `--cluster.peer=alertmanager-${index}.alertmanager.logharbor-loki.svc:9094`),
    );
  });

  it("restarts with a new configuration, and leaves volumes that are known as the stack's", () => {
    const checksum = (spec: ReturnType<typeof specOf>) =>
      (alertmanagerStatefulSet(spec, {}, marks) as Tree).template?.metadata?.annotations as unknown as Record<
        string,
        string
      >;
    assert.notDeepEqual(checksum(specOf(1)), checksum({ ...specOf(1), receivers: [] }));
    const [claim] = (alertmanagerStatefulSet(specOf(1), {}, marks) as Tree).volumeClaimTemplates as unknown as Tree[];
    assert.deepEqual(claim?.metadata, { name: "data", ...marks });
  });
});
