import assert from "node:assert/strict";

import { hostLogFindings } from "../../../cluster/hostLogs";
import type { NodeFacts } from "../../../cluster/preflight";
import { settingsFor } from "../../support/stack";

const amount = { cpu: 4, memory: 8e9 };
const node = (name: string, runtime: string): NodeFacts => ({
  name,
  runtime,
  ready: true,
  schedulable: true,
  capacity: amount,
  allocatable: amount,
  requested: amount,
});
const kubelet = (name: string, podLogsDir?: string) => ({ node: name, clusterDns: [], podLogsDir });

describe("the nodes' log files", () => {
  const files = settingsFor("dev");
  const told = (...args: Parameters<typeof hostLogFindings>) =>
    hostLogFindings(...args).map(({ problem, remedy }) => `${problem} -> ${[remedy].flat().join()}`);

  it("are refused where they are Docker's", () => {
    const nodes = [node("a", "containerd://2.1.4"), node("b", "docker://28.0.0"), node("c", "cri-o://1.34.0")];
    assert.match(
      told({ nodes }, [], files).join(),
      /^the container runtime of b is Docker.*alloy\.source kubernetes-api`$/,
    );
    assert.deepEqual(told({ nodes }, [], settingsFor("dev", { alloy: { source: "kubernetes-api" } })), []);
    assert.deepEqual(told({ nodes: [nodes[0]!, nodes[2]!] }, [], files), []);
    assert.deepEqual(told({}, [], files), []);
  });

  it("are where the kubelets say", () => {
    assert.deepEqual(
      told({}, [kubelet("a"), kubelet("b", "/var/log/pods/"), kubelet("c", "/var/log/pods")], files),
      [],
    );
    assert.deepEqual(told({}, [kubelet("a", "/data/pods"), kubelet("b", "/data/pods")], files), [
      "the kubelet of b keeps logs in /data/pods, and alloy.podLogsDir is /var/log/pods -> " +
        "`pulumi config set --path logharbor:alloy.podLogsDir /data/pods`",
    ]);
    assert.match(told({}, [kubelet("a", "/data"), kubelet("b", "/logs")], files).join(), /the nodes differ/);
    assert.deepEqual(told({}, [kubelet("a", "/data")], settingsFor("dev", { alloy: { podLogsDir: "/data" } })), []);
  });
});
