import assert from "node:assert/strict";

import { programNames } from "../../../../local/builds/programs";
import { diskFor, explainFailure, unmetByBuilder, type Builder } from "../../../../local/builds/requirements";

const able: Builder = {
  platform: "linux",
  arch: "x64",
  goVersion: "1.26.8",
  neededGoVersion: "1.26.5",
  memoryBytes: 8e9,
  freeDiskBytes: 50e9,
  neededDiskBytes: 25e9,
};

describe("the machine that compiles", () => {
  const faultOf = (change: Partial<Builder>) => unmetByBuilder({ ...able, ...change }).join("\n");

  it("is fit with Go, 8 GB of memory and the disk", () => assert.equal(faultOf({}), ""));
  it("is fit without Go, or with an old one, where Go can be brought", () => {
    assert.deepEqual([faultOf({ goVersion: undefined }), faultOf({ goVersion: "1.9.7", arch: "arm64" })], ["", ""]);
  });
  it("needs Go where none can be brought", () => {
    assert.match(
      faultOf({ goVersion: undefined, arch: "s390x" }),
      /needs Go 1\.26\.5 or newer, and PATH has no go; Logharbor cannot download one for s390x: install it/,
    );
    assert.match(
      faultOf({ goVersion: "1.9.7", arch: "s390x" }),
      /go on PATH is 1\.9\.7; Logharbor cannot download one/,
    );
  });
  it("needs memory", () =>
    assert.match(faultOf({ memoryBytes: 4e9 }), /needs 8 GB of memory, and the machine has 4\.0 GB/));
  it("needs disk", () =>
    assert.match(
      faultOf({ freeDiskBytes: 3e9 }),
      /needs 23\.3 GiB of free disk.*free some space, or set XDG_CACHE_HOME/,
    ));
  it("must be Linux", () => assert.match(faultOf({ platform: "darwin" }), /compiled on Linux; this is darwin/));

  it("needs less disk the less is left to compile", () => {
    assert.equal(diskFor(programNames), 25e9);
    assert.ok(diskFor(["pause"]) < 6e9);
    assert.equal(diskFor([]), 5e9);
  });
});

describe("a part that does not compile", () => {
  const remedyOf = (output: string) => explainFailure(output, "/logs/loki.log")[1][0] ?? "";

  it("shows the last lines of the log and where it is", () => {
    const [what] = explainFailure(
      Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n"),
      "/logs/loki.log",
    );
    assert.match(what, /last lines of \/logs\/loki\.log:\n {4}line 25\n/);
    assert.match(what, /line 39$/);
  });
  it("tells a full disk", () =>
    assert.match(remedyOf("write x: no space left on device"), /^The disk is full: free some space/));
  it("tells too little memory", () =>
    assert.match(remedyOf("compile: signal: killed"), /^The machine ran out of memory/));
  it("tells a network that fails", () =>
    assert.match(remedyOf("dial tcp: lookup proxy: no such host"), /check the network, and set GOPROXY/));
  it("tells a module that was changed", () =>
    assert.match(remedyOf("verifying module: checksum mismatch"), /does not match go\.sum/));
  it("else sends to the log", () => assert.equal(remedyOf("undefined: x"), "Read the log."));
});
