import assert from "node:assert/strict";

import { unpinned } from "../../../policies/pinnedVersions";
import { plaintextSecrets } from "../../../policies/plaintextSecrets";
import { looseNamespaces } from "../../../policies/podSecurity";
import { tooFewReplicas, unprotected } from "../../../policies/production";
import { types, type Resource } from "../../../policies/resource";
import type { Profile } from "../../../config/settings";
import { stackResources, type Overrides } from "../../support/stack";

/** What the engine shows the pack of a whole stack. */
async function stack(profile: Profile, overrides: Overrides = {}): Promise<Resource[]> {
  const resources = await stackResources(profile, overrides);
  return resources.map(({ type, name, clearInputs, outputs, protect }) => ({
    type,
    name,
    props: { ...clearInputs, ...outputs },
    protect,
  }));
}

const each = (policy: (resource: Resource) => string[]) => (resources: Resource[]) => resources.flatMap(policy);
const all = {
  unpinned: each(unpinned),
  plaintextSecrets: each(plaintextSecrets),
  looseNamespaces,
  tooFewReplicas,
  unprotected,
};
const release = (props: Record<string, unknown>): Resource => ({
  type: types.release,
  name: "logharbor-x-release",
  props: { name: "x", chart: "x", version: "1.2.3", ...props },
  protect: false,
});
const configMap = (data: Record<string, string>): Resource => ({
  type: types.configMap,
  name: "map",
  props: { data },
  protect: false,
});

describe("policies", () => {
  const own: [Profile, Overrides][] = [
    ["dev", {}],
    ["dev", { alloy: { source: "kubernetes-api" } }],
    ["prod", {}],
    ["prod", { topology: "ha-monolithic" }],
    ["prod", { gateway: { authentication: "basic", tenants: ["team-a"] } }],
    ["prod", { tls: { certificates: "cert-manager", issuer: "internal-ca" } }],
  ];
  for (const [profile, overrides] of own) {
    it(`let the stack ${profile} ${JSON.stringify(overrides)} pass`, async () => {
      const resources = await stack(profile, overrides);
      for (const [name, policy] of Object.entries(all)) assert.deepEqual(policy(resources), [], name);
    });
  }

  describe("pinned-versions", () => {
    it("wants an exact chart version, unless the chart is a local one", () => {
      for (const version of [undefined, "", "18", "18.11", "^18.11.0", ">=18", "latest"])
        assert.match(unpinned(release({ version })).join(), /has no exact version/, version);
      assert.deepEqual(unpinned(release({ version: "18.11.0" })), []);
      for (const chart of ["/srv/charts/loki", "./loki", "loki.tgz"])
        assert.deepEqual(unpinned(release({ chart, version: undefined })), []);
    });

    it("wants an exact tag or a digest of every image", () => {
      const image = (fields: object) => unpinned(release({ values: { a: { image: { repository: "r", ...fields } } } }));
      for (const tag of ["latest", "main", "3", "3.7", "v3", ""])
        assert.match(image({ tag }).join(), /image at a\.image has the tag/, tag);
      for (const tag of ["3.7.6", "v1.18.1", "RELEASE.2026-09-16T00-00-00Z", "1.31-alpine", "latest@sha256:00"])
        assert.deepEqual(image({ tag }), [], tag);
      assert.deepEqual(image({ tag: "latest", digest: "sha256:00" }), []);
    });
  });

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

  it("pod-security: one namespace may be privileged, not two, and none without a level", async () => {
    const [first, ...others] = (await stack("dev", { alloy: { source: "kubernetes-api" } })).filter(
      ({ type }) => type === types.namespace,
    );
    const level = (resource: Resource, labels: Record<string, string>): Resource => ({
      ...resource,
      props: { metadata: { labels } },
    });
    const privileged = { "pod-security.kubernetes.io/enforce": "privileged" };
    assert.deepEqual(looseNamespaces([level(first!, privileged), ...others]), []);
    assert.equal(
      looseNamespaces([level(first!, privileged), level(others[0]!, privileged), ...others.slice(1)]).length,
      2,
    );
    assert.match(looseNamespaces([level(first!, {}), ...others]).join(), /no Pod Security level/);
  });

  it("prod-replicas: a prod stack has what stands the loss of one; a dev stack need not", async () => {
    const few = { topology: "single-binary", protectData: true };
    assert.match(
      tooFewReplicas(await stack("prod", { ...few, minio: { servers: 1, drivesPerServer: 1 } })).join("\n"),
      /^loki: singleBinary has 1 of at least 3 replicas$|^minio: 1 of at least 4 servers$/m,
    );
    assert.deepEqual(tooFewReplicas(await stack("dev", few)), []);
  });

  it("protected-data: what holds the logs of a prod stack", async () => {
    const bare = unprotected(await stack("prod", { protectData: false }));
    for (const what of [
      "Release logharbor-minio-release",
      "Release logharbor-loki-release",
      "Namespace logharbor-minio-namespace",
      "Namespace logharbor-loki-namespace",
      "S3Bucket logharbor-store-chunks",
      "S3Bucket logharbor-store-ruler",
    ]) {
      assert.ok(
        bare.some((violation) => violation.startsWith(`${what} is not protected`)),
        what,
      );
    }
    assert.equal(bare.length, 6);
    assert.deepEqual(unprotected(await stack("prod", { protectData: false, allow: ["data-unprotected"] })), []);
  });
});
