import assert from "node:assert/strict";

import type { Part } from "../../../domain/parts";
import { secretRefs } from "../../../render/pod";
import { releasesOf } from "../../../render/releases";
import { settingsFor, type Overrides } from "../../support/stack";
import { textAt, type Tree } from "../../support/tree";

const digest = `sha256:${"a".repeat(64)}`;

/** The values of each chart. */
const allValues = (profile: "dev" | "prod", overrides: Overrides = {}) => {
  const releases = releasesOf(settingsFor(profile, overrides));
  return Object.fromEntries(releases.map(({ name, values }) => [name, values])) as unknown as Record<Part, Tree>;
};

describe("images of the charts", () => {
  it("come from the mirror, and none from elsewhere", () => {
    const values = allValues("prod", { images: { mirror: "mirror.example.com" } });
    assert.equal(values.minio.image?.repository, "mirror.example.com/pgsty/silo");
    for (const registry of [
      values.loki.loki?.image?.registry,
      values.loki.gateway?.image?.registry,
      values.alloy.image?.registry,
      values.grafana.image?.registry,
    ])
      assert.equal(registry, "mirror.example.com");
    assert.ok(!JSON.stringify(values).includes("docker.io"));
  });

  it("take a digest", () => {
    const values = allValues("prod", {
      images: Object.fromEntries(["minio", "loki", "alloy", "grafana", "gateway"].map((part) => [part, { digest }])),
    });
    assert.match(textAt(values.minio, "image", "tag"), new RegExp(`@${digest}$`));
    assert.deepEqual(
      [values.loki.loki?.image?.digest, values.loki.gateway?.image?.digest, values.alloy.image?.digest],
      [digest, digest, digest],
    );
    assert.equal(values.grafana.image?.sha, "a".repeat(64), "its chart writes sha256: itself");
  });

  it("are never MinIO's own, which are gone", () => {
    assert.match(textAt(allValues("dev").minio, "image", "repository"), /^docker\.io\/pgsty\/silo$/);
  });

  it("are pulled with the named Secrets by every part", () => {
    const { minio, loki, alloy, grafana } = allValues("dev", { images: { pullSecrets: ["a"] } });
    for (const refs of [minio.imagePullSecrets, loki.imagePullSecrets, alloy.global?.image?.pullSecrets])
      assert.deepEqual(refs, secretRefs(["a"]));
    assert.deepEqual(grafana.image?.pullSecrets, ["a"]);
  });
});

describe("values of the charts", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: hold nothing that a chart's templating would change`, () => {
      // Except for two braces that its templating makes again.
      assert.ok(!JSON.stringify(allValues(profile)).replaceAll("{{`{{`}}", "").includes("{{"));
    });

    it(`${profile}: hold no undefined, which Helm would take for null`, () => {
      const values = allValues(profile);
      assert.deepEqual(JSON.parse(JSON.stringify(values)), values);
    });

    it(`${profile}: a StorageClass reaches every volume, and none is named by default`, () => {
      assert.ok(!/"storageClass(Name)?"/.test(JSON.stringify(allValues(profile))));
      const { minio, loki, grafana } = allValues(profile, { storageClass: "fast" });
      const volumes = [
        minio.persistence?.storageClass,
        loki.singleBinary?.persistence?.storageClass,
        loki.write?.persistence?.storageClass,
        loki.backend?.persistence?.storageClass,
        grafana.persistence?.storageClassName,
      ];
      assert.deepEqual(volumes, ["fast", "fast", "fast", "fast", "fast"]);
    });
  }
});
