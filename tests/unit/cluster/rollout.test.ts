import assert from "node:assert/strict";

import { rolloutProblem } from "../../../cluster/rollout";

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
    assert.deepEqual(problem({ numberReady: 0 }), ["DaemonSet alloy: 0 of 3 pods are up to date and ready"]);
    assert.deepEqual(problem({ updatedNumberScheduled: 1 }), ["DaemonSet alloy: 1 of 3 pods are up to date and ready"]);
    assert.deepEqual(rolloutProblem({ metadata: { name: "alloy", generation: 1 } }), [
      "DaemonSet alloy: Kubernetes has not seen its newest version yet",
    ]);
  });
});
