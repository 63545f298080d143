import assert from "node:assert/strict";
import type { ReportedFinding } from "../../../doctor/finding";
import { exitStatus, reportOf } from "../../../doctor/report";

const cause: ReportedFinding = {
  part: "minio",
  check: "workload",
  severity: "error",
  problem: "deployment minio is scaled to 0",
  evidence: ["spec.replicas is 0"],
  meaning: "minio does not run",
  remedy: ["scale it", "run up"],
  runbook: "docs/runbooks/cluster.md#workload",
};
const effect: ReportedFinding = {
  ...cause,
  part: "loki",
  check: "flush",
  problem: "Loki can't store chunks",
  followsFrom: cause,
};
const note: ReportedFinding = { ...cause, severity: "note" };

describe("doctor's report", () => {
  it("shows the cause with its remedies, and what follows from it", () => {
    assert.deepEqual(reportOf({ findings: [cause, effect], unseen: [], canaries: [], tookMs: 12_300 }).split("\n"), [
      "✗ minio: deployment minio is scaled to 0  [workload]",
      "    spec.replicas is 0",
      "  means: minio does not run",
      "  -> scale it",
      "  -> run up",
      "  more: docs/runbooks/cluster.md#workload",
      "",
      "  ✗ loki: Loki can't store chunks  (follows from minio/workload)",
      "      spec.replicas is 0",
      "",
      "2 findings (looked for 12 s)",
    ]);
  });

  it("says what it could not see, and does not call that healthy", () => {
    const blind = { findings: [], unseen: ["you may not list pods in a"], canaries: [], tookMs: 1000 };
    assert.match(
      reportOf(blind),
      /Not seen.*\n {2}\? you may not list pods in a\n\nnothing is wrong with what could be seen/,
    );
    assert.equal(exitStatus(blind), 2);
    assert.equal(exitStatus({ ...blind, findings: [cause] }), 1);
    assert.equal(exitStatus({ findings: [note], unseen: [] }), 0);
    assert.equal(exitStatus({ findings: [], unseen: [] }), 0);
  });
});
