import assert from "node:assert/strict";

import { minioValues } from "../../../../render/minio/values";
import { planOf } from "../../../../render/plan";
import { settingsFor } from "../../../support/stack";

const valuesOf = (profile: "dev" | "prod") => minioValues(planOf(settingsFor(profile)).minio!);

describe("values of MinIO's chart", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: have no default user, policy, bucket or password`, () => {
      const minio = valuesOf(profile);
      assert.deepEqual(
        [minio.users, minio.policies, minio.buckets, minio.rootUser, minio.rootPassword],
        [[], [], [], undefined, undefined],
      );
      assert.equal(minio.existingSecret, "minio-root");
    });
  }

  it("ask for 4 servers of 2 drives in prod, for one in dev", () => {
    const [dev, prod] = [valuesOf("dev"), valuesOf("prod")];
    assert.deepEqual([prod.mode, prod.replicas, prod.drivesPerNode], ["distributed", 4, 2]);
    assert.deepEqual([dev.mode, dev.replicas, dev.drivesPerNode], ["standalone", 1, 1]);
  });
});
