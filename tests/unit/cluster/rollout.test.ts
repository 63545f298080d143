import assert from "node:assert/strict";

import { nodesAway, rolloutProblem } from "../../../cluster/rollout";

describe("the roll-out of a DaemonSet", () => {
  const status = {
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberReady: 3,
    observedGeneration: 2,
  };
  const problem = (over: Partial<typeof status>) =>
    rolloutProblem({ metadata: { name: "alloy", generation: 2 }, status: { ...status, ...over } });

  it("has ended when the newest pods are ready on every node", () => {
    assert.deepEqual(problem({}), []);
    assert.deepEqual(problem({ observedGeneration: 1 }), [
      "DaemonSet alloy: Kubernetes has not seen its newest version yet",
    ]);
    assert.deepEqual(
      rolloutProblem({ metadata: { name: "alloy", generation: 2 }, status: { ...status, numberReady: 2 } }, 1),
      [],
    );
    assert.deepEqual(
      rolloutProblem({ metadata: { name: "alloy", generation: 2 }, status: { ...status, numberReady: 1 } }, 1),
      ["DaemonSet alloy: 1 of 3 pods are up to date and ready"],
      "a node that is away excuses no other",
    );
    assert.deepEqual(problem({ numberReady: 0 }), ["DaemonSet alloy: 0 of 3 pods are up to date and ready"]);
    assert.deepEqual(problem({ updatedNumberScheduled: 1 }), ["DaemonSet alloy: 1 of 3 pods are up to date and ready"]);
    assert.deepEqual(rolloutProblem({ metadata: { name: "alloy", generation: 1 } }), [
      "DaemonSet alloy: Kubernetes has not seen its newest version yet",
    ]);
  });
});

describe("nodes that are away", () => {
  const node = (name: string, ready?: string) => ({
    metadata: { name },
    status: { conditions: ready === undefined ? [] : [{ type: "Ready", status: ready }] },
  });
  const on = (nodeName?: string) => ({ spec: { containers: [], nodeName } });

  it("are those that are not ready and have a pod of the DaemonSet", () => {
    const nodes = [node("a", "True"), node("b", "False"), node("c", "Unknown"), node("d"), node("w", "False")];
    assert.deepEqual(nodesAway(nodes, [on("a"), on("b"), on("c"), on("d"), on()]), ["b", "c", "d"]);
    assert.deepEqual(nodesAway(nodes, []), []);
  });
});
