import assert from "node:assert/strict";

import { brokenPromises } from "../../../charts/promises";
import { releasesOf } from "../../../render/releases";
import { settingsFor } from "../../support/stack";

const dev = settingsFor("dev");

describe("what the program relies on", () => {
  const release = releasesOf(dev).find(({ name }) => name === "minio")!;
  const pod = "Deployment minio: container minio";
  const good = new Map([
    ["Service minio: port 9000", "http -> 9000"],
    ["Service minio-console: port 9001", "http -> 9001"],
    ["PersistentVolumeClaim minio: claim size", "10Gi"],
    [`${pod} env MINIO_ROOT_USER`, "secret minio-root key rootUser"],
    [`${pod} image`, `${dev.images.minio.registry}/${dev.images.minio.repository}:${dev.images.minio.tag}`],
    [`${pod} security`, '{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}'],
    ["Deployment minio: pod labels", '{"app":"minio","release":"minio"}'],
    [`${pod} port http`, "9000"],
    ["Deployment minio: pod security", '{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}'],
  ]);
  const broken = (...changes: [fact: string, value: string | undefined][]) => {
    const facts = new Map([...good, ...changes].filter((fact): fact is [string, string] => fact[1] !== undefined));
    for (const [fact, value] of changes) if (value === undefined) facts.delete(fact);
    return brokenPromises(dev, [{ release, facts }])
      .get("minio")!
      .map(({ fact }) => fact);
  };

  it("holds for a good rendering", () => assert.deepEqual(broken(), []));
  it("is an address without a Service", () =>
    assert.deepEqual(broken(["Service minio: port 9000", undefined]), ["Service minio: port 9000"]));
  it("is a volume of the size that was set", () => {
    assert.deepEqual(broken(["PersistentVolumeClaim minio: claim size", "500Gi"]), [
      "PersistentVolumeClaim minio: claim size",
    ]);
    assert.deepEqual(broken(["PersistentVolumeClaim minio: claim size", undefined]), ["a volume"]);
  });
  it("is credentials from the Secret of the program alone", () => {
    assert.deepEqual(broken([`${pod} env MINIO_ROOT_USER`, "minioadmin"]), ["environment from Secret minio-root"]);
    assert.deepEqual(broken(["Secret minio", "there"]), ["Secret minio"]);
  });
  it("is images of the settings", () =>
    assert.deepEqual(broken([`${pod} image`, "docker.io/minio/minio:latest"]), [`${pod} image`]));
  it("is pods that the network policies know, and ports where they let them be reached", () => {
    assert.deepEqual(broken(["Deployment minio: pod labels", '{"app":"store"}']), [
      "Deployment minio: pod labels",
      "pods of the network policy minio: port 9000",
    ]);
    assert.deepEqual(broken([`${pod} port http`, "9100"]), ["pods of the network policy minio: port 9000"]);
  });
  it("is no job", () => assert.deepEqual(broken(["Job minio-post-job", "there"]), ["Job minio-post-job"]));
  it("is Pod Security restricted", () => {
    assert.deepEqual(broken(["Deployment minio: pod security", "{}"]), [`${pod} security`, `${pod} security`]);
    assert.deepEqual(broken(["Deployment minio: volume x", '{"hostPath":{"path":"/"}}']), [
      "Deployment minio: volume x",
    ]);
  });
});
