import assert from "node:assert/strict";

import { explain } from "../../../cli/console";

describe("faults on the command line", () => {
  it("show a stack for faults of ours only", () => {
    assert.equal(explain(new Error("disk on fire\n  -> put it out"), false), "disk on fire\n  -> put it out");
    assert.match(explain(new TypeError("x is undefined"), false), /\n\s+at /);
    assert.match(explain(new Error("x"), true), /\n\s+at /);
  });

  it("tell a full disk", () => {
    assert.match(
      explain(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }), false),
      /^The disk is full: .*\n {2}-> free some disk space/,
    );
  });
});
