import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildArguments, programNames, programs, type Program } from "../../../local/builds/programs";
import { diskFor, explainFailure, unmetByBuilder, type Builder } from "../../../local/builds/requirements";
import { stampOf } from "../../../local/builds/stamp";

const root = path.join(__dirname, "../../..");
const modules = path.join(root, "local/builds");
const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

const able: Builder = {
  platform: "linux",
  arch: "x64",
  goVersion: "1.26.8",
  neededGoVersion: "1.26.5",
  memoryBytes: 8e9,
  freeDiskBytes: 50e9,
  neededDiskBytes: 25e9,
};

describe("the parts of the local cluster", () => {
  it("are Pulumi's of the versions that package.json pins", () => {
    assert.deepEqual(
      [programs.pulumi, programs["kubernetes-provider"], programs["random-provider"], programs["minio-plugin"]].map(
        ({ version }) => version,
      ),
      [
        `v${dependencies["@pulumi/pulumi"]}`,
        dependencies["@pulumi/kubernetes"],
        dependencies["@pulumi/random"],
        dependencies["@pulumi/minio"],
      ],
    );
  });

  it("take their versions from go.mod", () => {
    for (const [name, inGoMod] of [
      ["kubernetes", "k8s.io/kubernetes v1.34.3"],
      ["coredns", "github.com/coredns/coredns v1.12.4"],
      ["local-path-provisioner", "github.com/rancher/local-path-provisioner v0.0.30"],
      ["network-policies", "github.com/cloudnativelabs/kube-router/v2 v2.1.0"],
      ["cert-manager", "github.com/cert-manager/cert-manager v1.19.5"],
      ["pulumi", "github.com/pulumi/pulumi/pkg/v3 v3.259.0"],
      ["minio", "github.com/minio/minio v0.0.0-20260212"],
      ["mc", "github.com/minio/mc v0.0.0-20250313"],
      ["loki", "github.com/grafana/loki/v3 v3.7.6"],
      ["alloy", "github.com/grafana/alloy v1.18.1"],
    ] as const) {
      assert.ok(fs.readFileSync(path.join(modules, programs[name].module, "go.mod"), "utf8").includes(inGoMod), name);
      assert.ok(inGoMod.replace(/0\.0\.0-(\d{4})(\d\d)(\d\d)/, "$1-$2-$3").includes(programs[name].version), name);
    }
  });

  it("have a kubectl of the version of Kubernetes, and modules in common, so that they compile once", () => {
    const modulesOf = (name: "kubernetes" | "kubectl") =>
      new Map(
        [
          ...fs
            .readFileSync(path.join(modules, programs[name].module, "go.mod"), "utf8")
            .matchAll(/^\t(?:\S+ => )?(\S+) (v\S+)/gm),
        ].map(([, module, version]) => [module, version]),
      );
    const kubernetes = modulesOf("kubernetes");
    const kubectl = modulesOf("kubectl");
    assert.equal(kubectl.get("k8s.io/kubectl"), programs.kubectl.version.replace("v1", "v0"));
    const shared = [...kubectl].filter(([module]) => kubernetes.has(module));
    assert.ok(shared.length > 50, `${shared.length} in common`);
    assert.deepEqual(
      shared,
      shared.map(([module]) => [module, kubernetes.get(module)]),
    );
  });

  it("name sources that exist, and have a stamp each of its own", () => {
    assert.equal(new Set(programNames.map((name) => stampOf(programs[name], modules))).size, programNames.length);
  });

  it("have another stamp when the compiler's arguments change", () => {
    const changed: Program = { ...programs.loki, variables: { "main.version": "v3.7.7" } };
    assert.notEqual(stampOf(changed, modules), stampOf(programs.loki, modules));
  });

  it("keep files of the version that go.mod names, and have another stamp when those change", () => {
    assert.equal(
      programs["cert-manager"].keeps,
      `github.com/cert-manager/cert-manager@${programs["cert-manager"].version}/deploy/crds`,
    );
    const changed: Program = { ...programs["cert-manager"], keeps: "elsewhere" };
    assert.notEqual(stampOf(changed, modules), stampOf(programs["cert-manager"], modules));
  });

  it("carry their version into the program", () => {
    assert.ok(
      buildArguments(programs.pulumi, "out").includes(
        "-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0",
      ),
    );
  });
});

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
