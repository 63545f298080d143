import assert from "node:assert/strict";
import { podName } from "../../../cli/doctor";

describe("a pod on the command line", () => {
  it("is a namespace and a name", () => {
    assert.deepEqual(podName("default/web-0"), { namespace: "default", name: "web-0" });
    for (const wrong of ["web-0", "a/b/c", "/web", "default/", "Default/web", "a b/c"])
      assert.throws(() => podName(wrong), /NAMESPACE\/NAME/);
  });
});
