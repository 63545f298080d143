import assert from "node:assert/strict";

import { admits } from "../../../render/podSecurity";

describe("Pod Security", () => {
  it("admits what is as strict or stricter", () => {
    assert.deepEqual(
      (["privileged", "baseline", "restricted"] as const).map((level) => admits(level, "baseline")),
      [true, true, false],
    );
    assert.deepEqual([admits(undefined, "privileged"), admits("no-such", "privileged")], [true, true]);
  });
});
