import assert from "node:assert/strict";

import { alertmanagerStatefulSet } from "../../../render/alertmanager/objects";
import { alloyValues } from "../../../render/alloy/values";
import { lokiConfig } from "../../../render/loki/config";
import { lokiValues } from "../../../render/loki/values";
import { planOf } from "../../../render/plan";
import { settingsFor, someReceiver, type Overrides } from "../../support/stack";
import type { Tree } from "../../support/tree";

const own = { alertmanager: "own", own: { instances: 3, receivers: [someReceiver] } };
const planFor = (ipFamilies: string[], more: Overrides = {}) =>
  planOf(settingsFor("prod", { ipFamilies, alerts: own, ...more }));
const loki = (ipFamilies: string[], more: Overrides = {}) => lokiConfig(planFor(ipFamilies, more).loki) as Tree;
const alertmanager = (ipFamilies: string[]) => {
  const set = alertmanagerStatefulSet(planFor(ipFamilies).loki.alertmanager!, {}, { annotations: {}, labels: {} });
  const [container] = ((set.template as Tree).spec as unknown as { containers: { args: string[]; env?: unknown }[] })
    .containers;
  return container!;
};

describe("the families of addresses", () => {
  it("let the gateway listen on IPv6 only if pods have it: nginx ends where it can't", () => {
    const listens = (...families: string[]) =>
      (lokiValues(planFor(families).loki) as Tree).gateway?.nginxConfig?.enableIPv6;
    assert.deepEqual([listens("IPv4"), listens("IPv6"), listens("IPv4", "IPv6")], [false, true, true]);
  });

  for (const topology of ["single-binary", "simple-scalable", "ha-monolithic"]) {
    it(`${topology}: every ring and memberlist meet by the first family`, () => {
      for (const [first, second] of [["IPv6"], ["IPv6", "IPv4"]] as const) {
        const { common, frontend, memberlist, server } = loki([first, ...(second === undefined ? [] : [second])], {
          topology,
        });
        assert.equal(common?.ring?.instance_enable_ipv6, true);
        assert.deepEqual([server?.http_listen_network, server?.grpc_listen_network], ["tcp", "tcp"]);
        if (topology !== "single-binary") assert.deepEqual(memberlist?.bind_addr, ["::"]);
        assert.equal(frontend?.instance_enable_ipv6, true);
      }
      for (const families of [["IPv4"], ["IPv4", "IPv6"]])
        assert.ok(!/ipv6|"::"/.test(JSON.stringify(loki(families, { topology }))), "IPv4 comes first");
    });
  }

  it("give no ring a setting of its own, which would not take that of all", () => {
    const rings = [...JSON.stringify(loki(["IPv6"])).matchAll(/"[a-z_]*ring":/g)].map(([key]) => key);
    assert.deepEqual(rings, ['"ring":']);
  });

  it("let Alloy and the Alertmanager listen on IPv6", () => {
    const address = (...families: string[]) => (alloyValues(planFor(families).alloy) as Tree).alloy?.listenAddr;
    assert.deepEqual([address("IPv4"), address("IPv6"), address("IPv4", "IPv6")], [undefined, "[::]", "[::]"]);
    const cluster = (...families: string[]) =>
      alertmanager(families).args.filter((arg) => /-address=/.test(arg) && arg.startsWith("--cluster"));
    assert.deepEqual(cluster("IPv4"), ["--cluster.listen-address=0.0.0.0:9094"]);
    assert.deepEqual(cluster("IPv6"), [
      "--cluster.listen-address=[::]:9094",
      "--cluster.advertise-address=[$(POD_IP)]:9094",
    ]);
    assert.ok(alertmanager(["IPv6"]).env !== undefined && alertmanager(["IPv4"]).env === undefined);
  });
});
