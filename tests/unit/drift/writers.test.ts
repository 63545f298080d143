import assert from "node:assert/strict";
import { newest, roleOf, Writers } from "../../../drift/writers";

const entry = (manager: string, fieldsV1: object, more: object = {}) => ({ manager, fieldsV1, ...more });
const object = (...managedFields: object[]) => ({ metadata: { managedFields } }) as never;

describe("the writers of a field", () => {
  it("are makers, controllers, or others", () => {
    const roles = {
      maker: ["pulumi-kubernetes-1a2b3c", "pulumi-kubernetes", "pulumi-resource-kubernetes", "helm", "logharbor"],
      controller: [
        "kube-controller-manager",
        "cert-manager-cainjector-controller",
        "kubelet",
        "keda-operator",
        "vpa-updater",
      ],
      other: [
        "kubectl-edit",
        "kubectl",
        "k9s",
        "unknown",
        "argocd-controller",
        "kustomize-controller",
        "Terraform",
        "helmet",
      ],
    } as const;
    for (const [role, names] of Object.entries(roles)) for (const name of names) assert.equal(roleOf(name), role, name);
  });

  it("are found below an object, by the keys of a list's element, and in a set", () => {
    const writers = Writers.of(
      object(
        entry("a", { "f:spec": { "f:containers": { 'k:{"name":"x"}': { ".": {}, "f:image": {} } } } }),
        entry("b", {
          "f:spec": { "f:containers": { 'k:{"name":"y"}': { ".": {} } } },
          "f:finalizers": { 'v:"z"': {} },
        }),
      ),
    );
    const names = (found: Writers) => found.all.map(({ name }) => name);
    assert.deepEqual(names(writers.field("spec")), ["a", "b"]);
    const containers = writers.field("spec").field("containers");
    assert.deepEqual(names(containers.element({ name: "x" }).field("image")), ["a"]);
    assert.deepEqual(names(containers.element({ name: "y" })), ["b"]);
    assert.deepEqual(names(containers.element({ name: "z" })), []);
    assert.deepEqual(names(writers.field("finalizers").element("z")), ["b"]);
    assert.deepEqual(names(writers.field("data")), []);
  });

  it("of a list as a whole are those of all in it", () => {
    const rules = Writers.of(object(entry("helm", { "f:rules": {} }))).field("rules");
    assert.ok(rules.isMakers);
    assert.ok(rules.element({ a: 1 }).field("a").isMakers);
  });

  it("that only made an object are not those of what others put in", () => {
    const data = Writers.of(object(entry("helm", { "f:data": {} }), entry("k9s", { "f:data": { "f:a": {} } }))).field(
      "data",
    );
    assert.ok(!data.isMakers);
    assert.deepEqual(
      data.field("a").all.map(({ name }) => name),
      ["k9s"],
    );
  });

  it("of the status do not count, those of the scale do", () => {
    const writers = Writers.of(
      object(
        entry("kubelet", { "f:status": {} }, { subresource: "status" }),
        entry("kubectl", { "f:spec": { "f:replicas": {} } }, { subresource: "scale", time: "2026-11-26T10:00:00Z" }),
      ),
    );
    assert.deepEqual(writers.all, [{ name: "kubectl", time: "2026-11-26T10:00:00Z" }]);
  });

  it("have one who wrote last", () => {
    assert.equal(newest([{ name: "a", time: "2026-02" }, { name: "b", time: "2026-01" }, { name: "c" }])?.name, "a");
    assert.equal(newest([]), undefined);
  });
});
