import assert from "node:assert/strict";

import {
  begunObjects,
  inCluster,
  knownNamespaces,
  knownObjects,
  knownReleases,
  mended,
  minioResources,
  pendingOperations,
  recordedCluster,
  unfinishedReleases,
  withBuckets,
  withoutCluster,
} from "../../../automation/state";
import { partLabel } from "../../../domain/names";
import { bucket, deployment, loki, release } from "./deployment";

describe("state of a stack", () => {
  it("tells releases, MinIO's resources and pending operations", () => {
    const state = deployment(
      [release, bucket],
      [
        { type: "creating", resource: release },
        { type: "updating", resource: bucket },
      ],
    );
    assert.deepEqual(knownReleases(state), [loki]);
    assert.deepEqual(unfinishedReleases(state), [loki]);
    assert.deepEqual(minioResources(state), [bucket]);
    assert.equal(pendingOperations(state).length, 2);
  });

  it("loses nothing but its pending operations", () => {
    const state = deployment([release, bucket], [{ type: "creating", resource: release }]);
    assert.deepEqual(mended(state), deployment([release, bucket]));
    assert.deepEqual(mended({ version: 3, deployment: {} }), {
      version: 3,
      deployment: { pending_operations: [] },
    });
  });

  it("marks a release whose upgrade was interrupted, so that the next up upgrades it in any case", () => {
    const state = deployment([{ ...release, outputs: { description: "", timeout: 900 } }, bucket]);
    assert.deepEqual(
      mended(state, { interrupted: [loki] }),
      deployment([{ ...release, outputs: { description: "upgrade interrupted", timeout: 900 } }, bucket]),
    );
  });

  it("loses a release that Helm does not know any more, and what others say of it", () => {
    const inside = { ...bucket, deletedWith: release.urn, dependencies: [release.urn, "u::other"] };
    assert.deepEqual(
      mended(deployment([release, inside]), { gone: [loki] }),
      deployment([{ ...bucket, dependencies: ["u::other"] }]),
    );
  });

  it("is empty before the first up", () => {
    const state = { version: 3, deployment: {} };
    assert.deepEqual(
      [knownReleases(state), unfinishedReleases(state), minioResources(state), pendingOperations(state)],
      [[], [], [], []],
    );
  });
});

describe("what a state says of the cluster", () => {
  const namespace = {
    urn: "u::logharbor-minio-namespace",
    type: "kubernetes:core/v1:Namespace",
    inputs: { metadata: { name: "logs", labels: { [partLabel]: "minio" } } },
  };
  const release = { urn: "u::r", type: "kubernetes:helm.sh/v3:Release", inputs: { name: "minio", namespace: "logs" } };
  const secret = {
    urn: "u::s",
    type: "kubernetes:core/v1:Secret",
    inputs: { metadata: { name: "minio-root", namespace: "logs" } },
  };
  const user = { urn: "u::l", type: "minio:index/iamUser:IamUser", inputs: { name: "loki" } };
  const state = {
    version: 3,
    deployment: {
      resources: [namespace, release, user, { urn: "u::p", type: "random:index:x" }],
      pending_operations: [{ type: "creating", resource: secret }],
    },
  };

  it("are its objects, those included that a run had begun to make, and its namespaces", () => {
    assert.deepEqual([...knownObjects(state)].sort(), [
      "Namespace logs",
      "Release logs/minio",
      "Secret logs/minio-root",
      "User loki",
    ]);
    assert.deepEqual(knownNamespaces(state), [{ name: "logs", part: "minio" }]);
  });

  it("may have begun to make objects that it does not hold", () => {
    assert.deepEqual([...begunObjects(state)], ["Secret logs/minio-root"]);
    const again = [{ type: "updating", resource: user }];
    assert.deepEqual([...begunObjects(deployment([user], again))], []);
  });
});

describe("the cluster that a state describes", () => {
  const stack = (outputs: object) => ({ urn: "u::stack", type: "pulumi:pulumi:Stack", outputs });
  const password = { urn: "u::password", type: "random:index/randomPassword:RandomPassword", dependencies: [] };
  const secret = { urn: "u::secret", type: "kubernetes:core/v1:Secret", dependencies: ["u::password"] };
  const providers = ["kubernetes", "minio", "random"].map((name) => ({
    urn: `u::${name}`,
    type: `pulumi:providers:${name}`,
  }));

  it("is that of the last up; none is noted before it", () => {
    assert.equal(recordedCluster(deployment([stack({ tenant: "t", cluster: "a" }), secret])), "a");
    assert.equal(recordedCluster(deployment([stack({ tenant: "t" })])), undefined);
    assert.equal(recordedCluster(deployment([])), undefined);
    assert.equal(recordedCluster({ version: 3, deployment: {} }), undefined);
  });

  it("can be another that holds the same", () => {
    const moved = inCluster(deployment([stack({ tenant: "t", cluster: "a" }), secret, bucket]), "b");
    assert.deepEqual(moved, deployment([stack({ tenant: "t", cluster: "b" }), secret, bucket]));
  });

  it("can be gone with all that was in it, and nothing refers to that any more; passwords stay", () => {
    const alone = { ...password, dependencies: ["u::other"] };
    const user = { ...password, dependencies: ["u::secret", "u::other"], deletedWith: "u::secret" };
    const hashed = { ...password, urn: "u::hash", propertyDependencies: { of: ["u::secret", "u::password"] } };
    const before = [stack({ tenant: "t", cluster: "a" }), ...providers, secret, release, bucket, user, hashed];
    assert.deepEqual(
      withoutCluster(deployment(before, [{ type: "creating", resource: secret }])),
      deployment([
        stack({ tenant: "t" }),
        providers[2]!,
        alone,
        { ...hashed, propertyDependencies: { of: ["u::password"] } },
      ]),
    );
  });
});

describe("a bucket that the state has lost", () => {
  const inStack = "urn:pulumi:dev::logharbor::logharbor:index:LoggingStack$logharbor:index:ObjectStore";
  const store = { urn: `${inStack}::logharbor-store`, type: "logharbor:index:ObjectStore" };
  const provider = { urn: "u::provider", type: "pulumi:providers:minio", id: "7" };
  const roles = { logs: "chunks", rules: "ruler" };

  it("comes back as the program calls it, protected if data is", () => {
    const before = deployment([store, provider, release]);
    const back = {
      urn: `${inStack}$minio:index/s3Bucket:S3Bucket::logharbor-store-chunks`,
      type: "minio:index/s3Bucket:S3Bucket",
      custom: true,
      id: "logs",
      inputs: { acl: "private", bucket: "logs" },
      outputs: { acl: "private", bucket: "logs" },
      parent: store.urn,
      provider: "u::provider::7",
    };
    assert.deepEqual(
      withBuckets(before, ["logs"], { roles, protect: false }),
      deployment([store, provider, release, back]),
    );
    assert.deepEqual(
      withBuckets(before, ["logs"], { roles, protect: true }),
      deployment([store, provider, release, { ...back, protect: true }]),
    );
  });

  it("cannot come back to a state without the store that it was in", () => {
    const before = deployment([release, provider]);
    assert.deepEqual(withBuckets(before, ["logs"], { roles, protect: false }), before);
  });
});
