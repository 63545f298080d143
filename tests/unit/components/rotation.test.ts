import assert from "node:assert/strict";

import { generatedBy } from "../../support/recorder";
import { stackResources, type Overrides } from "../../support/stack";
import { named } from "./wellMade";

describe("renewed credentials", () => {
  const after = async (rotation: Overrides) => stackResources("dev", { rotation });

  it("of Loki in MinIO are a second user with the same rights, beside the first", async () => {
    const resources = await after({ lokiStore: 2, unfinished: ["lokiStore"] });
    for (const [suffix, user] of [
      ["", "loki"],
      ["-2", "loki-2"],
    ]) {
      assert.equal(named(resources, `logharbor-store-loki${suffix}`).inputs.name, user);
      const { inputs } = named(resources, `logharbor-store-loki-attachment${suffix}`);
      assert.deepEqual([inputs.userName, inputs.policyName], [user, "loki"]);
    }
    const secret = named(resources, "logharbor-loki-object-store");
    assert.deepEqual(secret.clearInputs.stringData, {
      S3_ACCESS_KEY_ID: "loki-2",
      S3_SECRET_ACCESS_KEY: generatedBy("logharbor-store-loki-password-2"),
    });
    assert.ok(secret.dependencies.includes("logharbor-store-loki-attachment-2"), "before the user has its rights");
  });

  it("are the only ones once their readers have them", async () => {
    const names = (await after({ lokiStore: 2, grafana: 2, minioRoot: 2 })).map(({ name }) => name);
    for (const name of ["store-loki-password", "grafana-admin-password", "minio-root-password", "store-loki"])
      assert.deepEqual(
        names.filter((found) => new RegExp(`^logharbor-${name}(-\\d+)?$`).test(found)),
        [`logharbor-${name}-2`],
      );
  });

  it("of Grafana leave the old one in the Secret until Grafana has the new one", async () => {
    const content = async (rotation: Overrides) =>
      named(await after(rotation), "logharbor-grafana-admin").clearInputs.stringData;
    const [old, fresh] = ["", "-2"].map((suffix) => generatedBy(`logharbor-grafana-admin-password${suffix}`));
    assert.deepEqual(await content({ grafana: 2, unfinished: ["grafana"] }), {
      "admin-user": "admin",
      "admin-password": fresh,
      "previous-admin-password": old,
    });
    assert.deepEqual(await content({ grafana: 2 }), { "admin-user": "admin", "admin-password": fresh });
  });

  it("of MinIO's root are used only after MinIO has restarted", async () => {
    const resources = await after({ minioRoot: 2 });
    const provider = named(resources, "logharbor-store-provider");
    assert.equal(provider.clearInputs.minioPassword, generatedBy("logharbor-minio-root-password-2"));
    assert.ok(provider.dependencies.includes("logharbor-minio-release"));
  });
});
