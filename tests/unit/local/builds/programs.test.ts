import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildArguments, programNames, programs, type Program } from "../../../../local/builds/programs";
import { stampOf } from "../../../../local/builds/stamp";

const root = path.join(__dirname, "../../../..");
const modules = path.join(root, "local/builds");
const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe("the parts of the local cluster", () => {
  it("are Pulumi's of the versions that package.json pins", () => {
    assert.deepEqual(
      [programs.pulumi, programs["kubernetes-provider"], programs["random-provider"], programs["minio-plugin"]].map(
        ({ version }) => version,
      ),
      [
        `v${devDependencies["@pulumi/pulumi"]}`,
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
      ["prometheus", "github.com/prometheus/prometheus v0.316.0"],
      ["pulumi", "github.com/pulumi/pulumi/pkg/v3 v3.259.0"],
      ["minio", "github.com/minio/minio v0.0.0-20260212"],
      ["mc", "github.com/minio/mc v0.0.0-20250313"],
      ["loki", "github.com/grafana/loki/v3 v3.7.6"],
      ["loki-canary", "github.com/grafana/loki/v3 v3.7.6"],
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
