import assert from "node:assert/strict";

import { podRequests, unreachable } from "../../../cluster/clusterFacts";
import { loadKubeConfig } from "../../../cluster/kubeconfig";

describe("requests of a pod", () => {
  const container = (cpu: string, memory: string) => ({ name: "c", resources: { requests: { cpu, memory } } });

  it("adds its containers and sidecars, and is at least its largest init container", () => {
    const spec = {
      containers: [container("100m", "128Mi"), { name: "none" }],
      initContainers: [container("1", "64Mi"), { ...container("50m", "32Mi"), restartPolicy: "Always" }],
    };
    assert.deepEqual(podRequests({ spec }), { cpu: 1, memory: 160 * 2 ** 20 });
  });
});

describe("an unreachable cluster", () => {
  const kubeConfig = loadKubeConfig({
    kubeconfig:
      `{ clusters: [{ name: c, cluster: { server: "https://k:6443" } }], contexts: [{ name: here, context: ` +
      "{ cluster: c } }], current-context: here }",
  });
  const told = (error: unknown) => unreachable(kubeConfig, error).message;
  const failed = (code: string, text = "request failed") => Object.assign(new Error(text), { code });

  it("tells the causes apart", () => {
    assert.match(
      told(failed("ECONNREFUSED")),
      /^The cluster of context "here" \(https:\/\/k:6443\) refuses the connection: nothing listens/,
    );
    assert.match(told(failed("ENOTFOUND")), /address that can't be resolved/);
    assert.match(told(failed("ETIMEDOUT")), /does not answer/);
    assert.match(told(Object.assign(new Error("no"), { code: 401 })), /does not know you/);
    assert.match(told(Object.assign(new Error("no"), { code: 403 })), /does not even let you look/);
    assert.match(
      told(failed("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate")),
      /can't be trusted/,
    );
    assert.match(
      told(failed("ENOENT", "spawn aws ENOENT")),
      /a program or file that does not exist here \(spawn aws ENOENT\)/,
    );
    assert.match(told(new Error("what is this")), /can't be reached: what is this/);
  });

  it("always says what to do", () => {
    for (const error of [failed("ECONNREFUSED"), failed("EPROTO"), new Error("x"), "text"])
      assert.match(told(error), /\n {2}-> /);
  });
});
