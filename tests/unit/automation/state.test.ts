import assert from "node:assert/strict";

import {
  knownNamespaces,
  knownObjects,
  knownReleases,
  mended,
  minioResources,
  pendingOperations,
  unfinishedReleases,
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
    assert.deepEqual(mended(state, []), deployment([release, bucket]));
    assert.deepEqual(mended({ version: 3, deployment: {} }, []), {
      version: 3,
      deployment: { pending_operations: [] },
    });
  });

  it("marks a release whose upgrade was interrupted, so that the next up upgrades it in any case", () => {
    const state = deployment([{ ...release, outputs: { description: "", timeout: 900 } }, bucket]);
    assert.deepEqual(
      mended(state, [loki]),
      deployment([{ ...release, outputs: { description: "upgrade interrupted", timeout: 900 } }, bucket]),
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
});
