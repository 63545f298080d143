import assert from "node:assert/strict";

import { partLabel, secretNames, stackLabel } from "../../../domain/names";
import { guest, stackResources, type Overrides } from "../../support/stack";
import { at, textAt } from "../../support/tree";

const byManager: Overrides = { tls: { certificates: "cert-manager", issuer: "internal-ca" } };
const given: Overrides = { tls: { certificates: "given" } };

/** What is at a path, written with dots. */
const of = (tree: unknown, path: string) => at(tree, ...path.split("."));

describe("the namespace of a part", () => {
  it("has its network policies before its release", async () => {
    const resources = await stackResources("prod");
    const policies = resources.filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    for (const part of ["minio", "loki", "alloy", "grafana"]) {
      const own = policies.filter(({ parent }) => parent === `logharbor-${part}`);
      assert.ok(
        own.some(({ name }) => name === `logharbor-${part}-policy-default-deny`),
        part,
      );
      const release = resources.find(({ name }) => name === `logharbor-${part}-release`);
      for (const { name, inputs } of own) {
        assert.equal(at(inputs, "metadata", "namespace"), `logharbor-${part}`, name);
        assert.ok(release?.dependencies.includes(name), name);
      }
    }
    assert.equal(
      (await stackResources("prod", { networkPolicies: false })).filter(({ type }) => type.endsWith(":NetworkPolicy"))
        .length,
      0,
    );
  });

  it("is not made where the stack is a guest, and nothing of its default account", async () => {
    const resources = await stackResources("dev", guest);
    assert.deepEqual(
      resources.filter(({ type }) => /:(Namespace|ServiceAccountPatch)$/.test(type)),
      [],
    );
    for (const { inputs, name } of resources.filter(({ type }) => type.endsWith(":Release"))) {
      const part = textAt(inputs, "name");
      const labels = [
        { [stackLabel]: "test", [partLabel]: part },
        { [partLabel]: part, [stackLabel]: "test" },
      ].map((podLabels) => JSON.stringify({ podLabels }).slice(1, -1));
      assert.ok(
        labels.some((text) => JSON.stringify(inputs.values).includes(text)),
        name,
      );
    }
  });
});

describe("the certificate of a part", () => {
  it("by cert-manager is a signed certificate a namespace, waited for, before the release that mounts it", async () => {
    const resources = await stackResources("prod", byManager);
    for (const part of ["minio", "loki", "alloy", "grafana"]) {
      const { inputs, type } = resources.find(({ name }) => name === `logharbor-${part}-certificate`)!;
      assert.equal(type, "kubernetes:cert-manager.io/v1:Certificate");
      assert.deepEqual(of(inputs, "metadata.annotations"), {
        "logharbor.io/owner": "logharbor/test",
        "pulumi.com/waitFor": "condition=Ready",
      });
      assert.equal(of(inputs, "spec.secretName"), secretNames.tls);
      assert.deepEqual(of(inputs, "spec.issuerRef"), {
        group: "cert-manager.io",
        kind: "ClusterIssuer",
        name: "internal-ca",
      });
      assert.ok(
        resources
          .find(({ name }) => name === `logharbor-${part}-release`)!
          .dependencies.includes(`logharbor-${part}-certificate`),
      );
    }
    const names = (part: string) =>
      of(resources.find(({ name }) => name === `logharbor-${part}-certificate`)!.inputs, "spec.dnsNames") as string[];
    // The names by which Loki, servers of MinIO among themselves, and clients of the gateway call them.
    for (const name of ["minio.logharbor-minio.svc", "*.minio-svc.logharbor-minio.svc"])
      assert.ok(names("minio").includes(name), name);
    assert.ok(names("loki").includes("loki-gateway.logharbor-loki.svc"));
  });

  it("is nowhere where nobody asked for it, and given certificates are left to the operator", async () => {
    assert.deepEqual(
      (await stackResources("prod")).filter(({ clearInputs }) =>
        /https:\/\/(minio|loki)|logharbor-tls/.test(JSON.stringify(clearInputs)),
      ),
      [],
    );
    assert.deepEqual(
      (await stackResources("prod", given)).filter(({ type }) => type.includes("cert-manager")),
      [],
    );
  });
});
