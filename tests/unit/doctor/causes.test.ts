import assert from "node:assert/strict";
import { ranked } from "../../../doctor/causes";
import type { Check, Finding, Place, Severity } from "../../../doctor/finding";

const finding = (part: Place, check: Check, severity: Severity = "error"): Finding => ({
  part,
  check,
  severity,
  problem: `${part} ${check}`,
  evidence: [],
  meaning: "",
  remedy: "",
});
const order = (findings: Finding[]) =>
  ranked(findings).map(({ part, check, followsFrom }) =>
    followsFrom === undefined ? `${part}/${check}` : `${part}/${check} < ${followsFrom.part}/${followsFrom.check}`,
  );

describe("causes and effects", () => {
  it("has a MinIO that is away explain what Loki and Alloy suffer", () => {
    assert.deepEqual(
      order([
        finding("alloy", "not-sent"),
        finding("loki", "flush"),
        finding("minio", "endpoints"),
        finding("minio", "workload"),
      ]),
      [
        "minio/workload",
        "minio/endpoints < minio/workload",
        "loki/flush < minio/workload",
        "alloy/not-sent < minio/workload",
      ],
    );
  });

  it("keeps faults apart that have nothing to do with each other", () => {
    assert.deepEqual(order([finding("minio", "bucket"), finding("alloy", "cluster-role")]), [
      "alloy/cluster-role",
      "minio/bucket",
    ]);
    assert.deepEqual(order([finding("minio", "pods"), finding("loki", "pods")]), ["minio/pods", "loki/pods"]);
  });

  it("blames nothing that is over", () => {
    assert.deepEqual(order([finding("loki", "discards", "note"), finding("alloy", "drops")]), [
      "alloy/drops",
      "loki/discards",
    ]);
  });

  it("goes to the first cause of a chain", () => {
    assert.deepEqual(order([finding("loki", "volume"), finding("loki", "pods"), finding("loki", "loki-ready")]), [
      "loki/volume",
      "loki/pods < loki/volume",
      "loki/loki-ready < loki/volume",
    ]);
  });

  it("loses no finding, whatever there is", () => {
    const all = (["minio", "loki", "alloy", "grafana", "cluster"] as const).flatMap((part) =>
      (
        ["nodes", "dns", "clock", "secret", "store-login", "pods", "ring", "loki-ready", "drops", "discards"] as const
      ).map((check) => finding(part, check)),
    );
    assert.equal(ranked(all).length, all.length);
  });
});
