import assert from "node:assert/strict";

import { plaintextSecrets } from "../../../policies/plaintextSecrets";
import type { Resource } from "../../../policies/resource";
import { configMap, release } from "./resources";

describe("no-plaintext-secret", () => {
  const refused: [string, Resource][] = [
    ["a password among values", release({ values: { auth: { rootPassword: "hunter2" } } })],
    ["a secret key among values", release({ values: { s3: { secretAccessKey: "AKIA" } } })],
    [
      "a secret key inside a configuration",
      release({ values: { config: "s3:\n  access_key_id: me\n  secret_access_key: hunter2\n" } }),
    ],
    ["a password in JSON", configMap({ "a.json": '{\n  "password": "hunter2"\n}' })],
    ["a password in an address", configMap({ url: "http://user:hunter2@minio:9000" })],
    ["a private key", configMap({ tls: "-----BEGIN RSA PRIVATE KEY-----\nx" })],
    ["a token in a list", release({ values: { env: [{ name: "A", api_token: "x" }] } })],
  ];
  for (const [what, resource] of refused) {
    it(`refuses ${what}, and does not repeat it`, () => {
      const violations = plaintextSecrets(resource);
      assert.equal(violations.length, 1);
      assert.doesNotMatch(violations.join(), /hunter2|AKIA/);
    });
  }

  it("lets references and variables pass", () => {
    assert.deepEqual(
      plaintextSecrets(
        release({
          values: {
            existingSecret: "minio-root",
            passwordKey: "admin-password",
            password: "",
            secretAccessKey: "${KEY}",
            config: "secret_access_key: ${KEY}\npassword: ''",
          },
        }),
      ),
      [],
    );
    assert.deepEqual(plaintextSecrets({ ...configMap({ password: "x" }), type: "kubernetes:core/v1:Secret" }), []);
  });
});
