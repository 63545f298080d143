import assert from "node:assert/strict";

import { troubleOf } from "../../../cluster/podTrouble";

describe("what keeps a pod from being ready", () => {
  it("is in the words of its containers, or of the scheduler", () => {
    const pod = (state: object, more: object = {}) =>
      troubleOf({
        metadata: { name: "alloy-x" },
        status: {
          phase: "Pending",
          containerStatuses: [{ name: "alloy", image: "", imageID: "", ready: false, restartCount: 4, state, ...more }],
        },
      });
    assert.deepEqual(pod({ waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } }), [
      "pod alloy-x: container alloy is in ImagePullBackOff: Back-off pulling image",
    ]);
    assert.deepEqual(
      pod({ waiting: { reason: "CrashLoopBackOff" } }, { lastState: { terminated: { exitCode: 1, reason: "Error" } } }),
      ["pod alloy-x: container alloy is in CrashLoopBackOff (4 restarts, the last run ended with Error 1)"],
    );
    assert.deepEqual(pod({ waiting: { reason: "ContainerCreating" } }), ["pod alloy-x: is not ready yet"]);
    assert.deepEqual(pod({ terminated: { exitCode: 1, reason: "Error", message: "trying\nno such bucket\n" } }), [
      "pod alloy-x: container alloy ended with Error 1: no such bucket",
    ]);
    assert.deepEqual(pod({ terminated: { exitCode: 137, reason: "OOMKilled" } }), [
      "pod alloy-x: container alloy ended with OOMKilled 137",
    ]);
    assert.deepEqual(
      troubleOf({
        metadata: { name: "a" },
        status: { conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] },
      }),
      ["pod a: 0/1 nodes are available"],
    );
    assert.deepEqual(
      troubleOf({ metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "True" }] } }),
      [],
    );
  });
});
