import assert from "node:assert/strict";

import { KubeConfig } from "@kubernetes/client-node";

import { protectedMinioRefusal, protectedRefusal, requireMinio } from "../../../automation/guards";
import { settingsFor, someStore } from "../../support/stack";
import { bucket, deployment, release } from "./deployment";

describe("destroy", () => {
  it("refuses while data is protected, naming it and the way", () => {
    const text = protectedRefusal("prod", deployment([release, { ...bucket, protect: true }]))?.message;
    assert.equal(
      text,
      'Stack "prod" holds protected logs, so nothing was touched. Protected: S3Bucket logharbor-store-chunks.\n' +
        "  -> to keep the logs, do nothing\n" +
        "  -> to give them up: pulumi config set --stack prod logharbor:protectData false, then npm run up " +
        "-- --stack prod, then destroy again",
    );
  });

  it("begins where nothing is protected", () => {
    assert.equal(protectedRefusal("dev", deployment([release, bucket])), undefined);
  });
});

describe("an up without the MinIO of before", () => {
  const type = "logharbor:index:LoggingStack$logharbor:index:Minio$kubernetes:helm.sh/v3:Release";
  const minio = {
    type: "kubernetes:helm.sh/v3:Release",
    urn: `urn:pulumi:prod::logharbor::${type}::logharbor-minio-release`,
    protect: true,
  };
  const gone = settingsFor("prod", { objectStore: someStore });

  it("is refused before anything is touched while MinIO is protected", () => {
    const text = protectedMinioRefusal("prod", deployment([release, minio]), gone)?.message ?? "";
    assert.match(text, /nothing was touched\. Protected: logharbor-minio-release\.$/m);
    assert.match(text, /-> to keep it .*objectStore\.moving true$/m);
    assert.ok(text.includes(`pulumi state unprotect --stack prod --yes '${minio.urn}'`), text);
  });

  it("begins where MinIO stays, or is not protected, and whatever protects Loki", () => {
    const moving = settingsFor("prod", { objectStore: { ...someStore, moving: true } });
    assert.equal(protectedMinioRefusal("prod", deployment([minio]), moving), undefined);
    const state = deployment([
      { ...minio, protect: false },
      { ...release, protect: true },
    ]);
    assert.equal(protectedMinioRefusal("prod", state, gone), undefined);
  });

  it("comes before a refresh, which would drop from the state what no tunnel reaches", async () => {
    await assert.rejects(requireMinio(deployment([bucket]), gone, new KubeConfig()), /run up, which removes it/);
  });
});
