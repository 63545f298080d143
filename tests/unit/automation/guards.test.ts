import assert from "node:assert/strict";

import { protectedRefusal } from "../../../automation/guards";
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
