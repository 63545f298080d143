import assert from "node:assert/strict";

import type { V1PodTemplateSpec } from "@kubernetes/client-node";

import { canaryDaemonSet, lineBytes, writtenLine } from "../../../../render/canary/objects";
import { runtimeConfig } from "../../../../render/loki/limits";
import { planOf } from "../../../../render/plan";
import { stackRequests } from "../../../../render/requests";
import { settingsFor, type Overrides } from "../../../support/stack";

const canary = { enabled: true };
const templateOf = (overrides: Overrides = {}) =>
  canaryDaemonSet(planOf(settingsFor("dev", { canary, ...overrides })).alloy.canary!, {}).template as V1PodTemplateSpec;
const containerOf = (overrides?: Overrides) => templateOf(overrides).spec!.containers[0]!;

/** A line as pkg/canary/writer in Loki's source writes it: `"%s %s\n"` of time and padding, `size` bytes in all. */
const written = (nanoseconds: string) => `${nanoseconds} ${"p".repeat(lineBytes - nanoseconds.length - 2)}\n`;

describe("the canary", () => {
  it("finds its lines whole, and no line that was altered or that it wrote to its standard error", () => {
    const line = written("1795660800123456789");
    assert.equal(line.length, lineBytes);
    const text = line.trimEnd();
    const found = (candidate: string) => new RegExp(writtenLine).test(candidate);
    assert.ok(found(text));
    for (const other of [
      text.slice(0, -1),
      `${text}p`,
      text.replace("1", "x"),
      text.replace("pp", "p "),
      `Querying loki for logs with query: ${text}`,
      `missing websocket entry ${text.slice(0, 19)}`,
    ])
      assert.ok(!found(other), other);
  });

  it("asks only for the lines of its own pod, by index labels first", () => {
    const { args = [] } = containerOf();
    assert.ok(args.includes("-addr=loki.logharbor-loki.svc:3100"));
    for (const flag of ["-labelname=node", "-labelvalue=$(NODE_NAME)", "-streamname=app"])
      assert.ok(args.includes(flag), flag);
    assert.ok(args.some((flag) => flag.startsWith("-query-append=") && flag.endsWith('| pod="$(POD_NAME)"')));
    assert.ok(!args.some((flag) => flag.startsWith("-push")), "nothing goes past Alloy");
  });

  it("takes the gateway's login from its Secret, and a new generation restarts it", () => {
    const basic: Overrides = { gateway: { authentication: "basic" } };
    const { args = [], envFrom } = containerOf(basic);
    assert.ok(args.includes("-addr=loki-gateway.logharbor-loki.svc:80"));
    assert.ok(args.includes("-user=$(LOKI_USER)") && args.includes("-pass=$(LOKI_PASSWORD)"));
    assert.deepEqual(envFrom, [{ secretRef: { name: "loki-gateway-login" } }]);
    const rotated = templateOf({ ...basic, rotation: { gateway: 2 } });
    assert.notDeepEqual(rotated.metadata?.annotations, templateOf(basic).metadata?.annotations);
  });

  it("verifies the gateway's certificate", () => {
    const { args = [], volumeMounts } = containerOf({ tls: { certificates: "given" } });
    assert.ok(args.includes("-addr=loki-gateway.logharbor-loki.svc:443"));
    assert.ok(args.includes("-tls=true") && args.includes("-ca-file=/etc/logharbor-tls/ca.crt"));
    assert.deepEqual(volumeMounts, [{ name: "tls", mountPath: "/etc/logharbor-tls", readOnly: true }]);
  });

  it("leaves people their live tails, and counts in what a stack requests on each node", () => {
    const tails = (overrides: Overrides) => JSON.stringify(runtimeConfig(planOf(settingsFor("dev", overrides)).loki));
    assert.match(tails({ canary }), /"max_concurrent_tail_requests":6000/);
    assert.doesNotMatch(tails({}), /max_concurrent_tail_requests/);
    const cpu = (overrides: Overrides) => stackRequests(settingsFor("dev", overrides)).perNode.cpu;
    assert.equal(Math.round((cpu({ canary }) - cpu({})) * 1000), 10);
  });
});
