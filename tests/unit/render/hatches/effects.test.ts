import assert from "node:assert/strict";

import { LoggingStack } from "../../../../components";
import { hatchNotices } from "../../../../render/hatches/notices";
import { flowsOf } from "../../../../render/networkPolicies";
import { formatRequests, stackRequests } from "../../../../render/requests";
import { scenarios } from "../../../golden/scenarios";
import { record } from "../../../support/recorder";
import { registerStack, settingsFor, type Overrides } from "../../../support/stack";

const scenario = scenarios.find(({ name }) => name === "hatches")!.overrides;
const sidecar = { name: "x", resources: { requests: { cpu: "100m", memory: "64Mi" } } };

describe("what escape hatches add", () => {
  const added = (values: Overrides) => {
    const [before, after] = [stackRequests(settingsFor("prod")), stackRequests(settingsFor("prod", { values }))];
    const difference = (of: "fixed" | "perNode") =>
      formatRequests({ cpu: after[of].cpu - before[of].cpu, memory: after[of].memory - before[of].memory });
    return [difference("fixed"), difference("perNode")];
  };
  const nothing = { cpu: "0", memory: "0Gi" };

  it("is counted in what the stack requests: once for each pod", () => {
    const cases: [values: Overrides, fixed: object, perNode?: object][] = [
      [{ loki: { write: { extraContainers: [sidecar] } } }, { cpu: "300m", memory: "192Mi" }],
      [{ loki: { gateway: { extraContainers: [sidecar] } } }, { cpu: "200m", memory: "128Mi" }],
      [{ loki: { singleBinary: { extraContainers: [sidecar] } } }, nothing],
      [{ loki: { chunksCache: { extraContainers: [sidecar, sidecar] } } }, { cpu: "200m", memory: "128Mi" }],
      [{ alloy: { controller: { extraContainers: [sidecar] } } }, nothing, { cpu: "100m", memory: "64Mi" }],
      [
        { grafana: { extraContainers: "- name: x\n  resources:\n    requests: { cpu: 1, memory: 1Gi }\n" } },
        { cpu: "1", memory: "1Gi" },
      ],
      [{ loki: { write: { initContainers: [sidecar] } }, grafana: { extraInitContainers: [sidecar] } }, nothing],
      [{ grafana: { imageRenderer: { enabled: false, ...sidecar } } }, nothing],
    ];
    for (const [values, fixed, perNode = nothing] of cases)
      assert.deepEqual(added(values), [fixed, perNode], JSON.stringify(values));
  });

  it("is open to ingressNamespaces where Alloy has further TCP ports, and nowhere else", () => {
    const ports = (extraPorts: unknown[], ingressNamespaces = ["agents"]) =>
      flowsOf(settingsFor("dev", { ingressNamespaces, values: { alloy: { alloy: { extraPorts } } } }))
        .filter(({ from, to }) => from === "ingress" && to === "alloy")
        .flatMap((flow) => flow.ports);
    assert.deepEqual(
      ports([{ port: 80, targetPort: 3500 }, { port: 1514 }, { port: 514, protocol: "UDP" }]),
      [3500, 1514],
    );
    assert.deepEqual([...ports([{ port: 80 }], []), ...ports([])], []);
  });

  it("is told line by line, without values, with the ports that stay closed", () => {
    assert.deepEqual(hatchNotices(settingsFor("prod", scenario)), [
      "values.minio.environment.MINIO_BROWSER: set by the stack",
      "values.loki.loki.serviceLabels.team: set by the stack",
      "values.loki.write.extraContainers: set by the stack",
      "values.alloy.alloy.extraPorts: set by the stack",
      "values.grafana.env.TZ: set by the stack",
      "loki.config.querier.tail_max_duration: set by the stack",
      'grafana.ini["auth.github"].enabled: set by the stack',
      'grafana.ini["auth.github"].client_id: set by the stack',
      'grafana.ini["auth.github"].client_secret: set by the stack',
      "alloy.pipeline.components: loki.process.shop added by the stack",
      "alloy.pipeline.components: loki.source.api.agents added by the stack",
      "alloy.pipeline.process: every line of a pod passes loki.process.shop",
    ]);
    const listening = { loki: { write: { extraContainers: [{ name: "x", ports: [{ containerPort: 9999 }] }] } } };
    assert.deepEqual(hatchNotices(settingsFor("prod", { values: listening })), [
      "values.loki.write.extraContainers: set by the stack; the network policies keep port 9999 closed",
    ]);
    assert.deepEqual(hatchNotices(settingsFor("prod")), []);
  });

  it("is told by the program", async () => {
    const settings = settingsFor("prod", scenario);
    const { notes } = await record(
      {},
      () => new LoggingStack("logharbor", { settings, minioEndpoint: "http://127.0.0.1:39000" }),
    );
    assert.deepEqual(notes, hatchNotices(settings));
  });

  it("is refused before anything is registered, with every fault at once", async () => {
    const faults = {
      values: { loki: { write: { replicas: 9 } }, grafana: { env: { SMTP_PASSWORD: "hunter2" } } },
      loki: { config: { auth_enabled: false } },
      grafana: { ini: { server: { root_url: "x" } } },
      alloy: { pipeline: { components: "{" } },
    };
    await assert.rejects(registerStack("dev", faults), (error: Error) => {
      assert.match(error.message, /^5 problems in the stack's config:\n/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  });
});
