import assert from "node:assert/strict";

import { generatedBy, secretMark, type Recorded } from "../../support/recorder";
import { settingsFor, stackResources, type Overrides } from "../../support/stack";
import { at, textAt } from "../../support/tree";
import { allBefore, assertWellMade, named, ofType, types } from "./wellMade";

const variants: [profile: "dev" | "prod", name: string, overrides: Overrides][] = [
  ["dev", "dev", {}],
  ["prod", "prod", {}],
  ["dev", "dev without Grafana", { grafana: { enabled: false } }],
  [
    "dev",
    "dev with the API server's lines and protected data",
    { alloy: { source: "kubernetes-api" }, protectData: true },
  ],
];

for (const [profile, title, overrides] of variants) {
  describe(`the stack, ${title}`, () => {
    let resources: readonly Recorded[];

    before(async () => {
      resources = await stackResources(profile, overrides);
    });

    it("has well-made resources: types, parents, names, no password in clear", () => {
      assertWellMade(resources, "logharbor");
      const parts = resources
        .filter(({ custom, name }) => !custom && name !== "logharbor")
        .map(({ type }) => type.split(":")[2]);
      assert.deepEqual(parts.sort(), [
        "Alloy",
        ...(settingsFor(profile, overrides).canary.enabled ? ["Canary"] : []),
        ...(title.includes("without") ? [] : ["Grafana"]),
        "Loki",
        "Minio",
        "ObjectStore",
      ]);
    });

    it("enforces Pod Security: restricted, but for Alloy where it reads files", () => {
      const files = settingsFor(profile, overrides).alloy.source === "files";
      for (const { name, inputs } of ofType(resources, types.namespace)) {
        assert.equal(
          at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce"),
          name.includes("alloy") && files ? "privileged" : "restricted",
          name,
        );
      }
      assert.equal(ofType(resources, types.namespace).length, title.includes("without") ? 3 : 4);
    });

    it("keeps credentials secret: Secrets whole, the provider's password, the user's", () => {
      for (const { name, inputs } of ofType(resources, types.secret)) assert.equal(inputs.stringData, secretMark, name);
      assert.equal(named(resources, "logharbor-store-provider").inputs.minioPassword, secretMark);
      assert.equal(named(resources, "logharbor-store-loki").inputs.secret, secretMark);
      assert.equal(named(resources, "logharbor-minio").outputs?.rootPassword, secretMark);
      assert.equal(named(resources, "logharbor-store").outputs?.secretAccessKey, secretMark);
    });

    it("puts credentials into Secrets only: no password in a release's values or a ConfigMap, not even as a secret", () => {
      const passwords = ofType(resources, types.password).map(({ name }) => generatedBy(name));
      for (const { name, clearInputs } of [
        ...ofType(resources, types.release),
        ...ofType(resources, types.configMap),
      ]) {
        for (const password of passwords) assert.ok(!JSON.stringify(clearInputs).includes(password), name);
      }
    });

    it("gives each reader its own credentials: Loki the user's, MinIO root's, Grafana its administrator's", () => {
      const data = (name: string) => named(resources, name).clearInputs.stringData;
      assert.deepEqual(data("logharbor-loki-object-store"), {
        S3_ACCESS_KEY_ID: "loki",
        S3_SECRET_ACCESS_KEY: generatedBy("logharbor-store-loki-password"),
      });
      assert.deepEqual(data("logharbor-minio-root"), {
        rootUser: "logharbor-root",
        rootPassword: generatedBy("logharbor-minio-root-password"),
      });
      if (!title.includes("without"))
        assert.deepEqual(data("logharbor-grafana-admin"), {
          "admin-user": "admin",
          "admin-password": generatedBy("logharbor-grafana-admin-password"),
        });
    });

    it("pins its releases: exact chart version, repository, name, namespace, time-out", () => {
      for (const { name, inputs } of ofType(resources, types.release)) {
        const part = textAt(inputs, "name");
        assert.equal(name, `logharbor-${part}-release`);
        assert.match(textAt(inputs, "version"), /^\d+\.\d+\.\d+$/);
        assert.deepEqual(
          [inputs.chart, inputs.namespace, inputs.timeout, inputs.atomic],
          [part, `logharbor-${part}`, 900, false],
        );
        assert.match(textAt(inputs, "repositoryOpts", "repo"), /^https:\/\//);
        assert.ok(allBefore(resources, name).has(`logharbor-${part}-namespace`));
      }
    });

    it("starts Loki when buckets, lifecycles and rights are there, and MinIO before them", () => {
      const needed = [
        "chunks",
        "ruler",
        "chunks-lifecycle",
        "ruler-lifecycle",
        "loki",
        "loki-policy",
        "loki-attachment",
      ].map((name) => `logharbor-store-${name}`);
      const first = allBefore(resources, "logharbor-loki-release");
      for (const name of needed) {
        assert.ok(first.has(name), `Loki does not wait for ${name}`);
        assert.ok(allBefore(resources, name).has("logharbor-minio-release"), `${name} does not wait for MinIO`);
      }
      const order = resources.map(({ name }) => name);
      for (const name of needed) assert.ok(order.indexOf(name) < order.indexOf("logharbor-loki-release"), name);
    });

    it("lets everything in MinIO go with MinIO's release, and manages it with the given endpoint", () => {
      const inMinio = resources.filter(({ type }) => type.startsWith("minio:"));
      assert.equal(inMinio.length, 7);
      for (const { name, deletedWith, provider } of inMinio) {
        assert.equal(deletedWith, "logharbor-minio-release", name);
        assert.equal(provider, "logharbor-store-provider", name);
      }
      assert.equal(named(resources, "logharbor-store-provider").inputs.minioServer, "127.0.0.1:39000");
    });

    it("protects what holds logs where that is set, and nothing else", () => {
      const holding = [
        "logharbor-minio-namespace",
        "logharbor-minio-release",
        "logharbor-store-chunks",
        "logharbor-store-ruler",
        "logharbor-loki-namespace",
        "logharbor-loki-release",
      ];
      const expected = settingsFor(profile, overrides).protectData ? holding : [];
      assert.deepEqual(
        resources
          .filter(({ protect }) => protect)
          .map(({ name }) => name)
          .sort(),
        expected.sort(),
      );
    });

    it("has Secrets and ConfigMaps in the namespace and by the name that the charts are told", () => {
      for (const part of ["minio", "loki", "grafana"]) {
        const objects = resources.filter(
          ({ parent, type }) => parent === `logharbor-${part}` && (type === types.secret || type === types.configMap),
        );
        const release = resources.find(({ name }) => name === `logharbor-${part}-release`);
        for (const { inputs, name } of objects) {
          assert.equal(at(inputs, "metadata", "namespace"), `logharbor-${part}`);
          assert.ok(JSON.stringify(release?.inputs.values).includes(`"${textAt(inputs, "metadata", "name")}"`), name);
          assert.ok(allBefore(resources, `logharbor-${part}-release`).has(name), name);
        }
      }
    });
  });
}
