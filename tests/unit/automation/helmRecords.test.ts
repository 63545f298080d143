import assert from "node:assert/strict";

import fc from "fast-check";

import { halfRemoved, recoveries } from "../../../automation/helmRecords";
import type { HelmRecord } from "../../../cluster/helmRelease";
import { loki } from "./deployment";

const record = (revision: number, status: string, release = "loki"): HelmRecord => ({
  namespace: "logs",
  release,
  revision,
  status,
  secret: `sh.helm.release.v1.${release}.v${revision}`,
});

const removed = (...args: Parameters<typeof recoveries>) =>
  recoveries(...args).flatMap(({ records }) => records.map(({ secret }) => secret));

describe("recovery of interrupted releases", () => {
  it("leaves alone what is not interrupted", () => {
    assert.deepEqual(recoveries([record(1, "superseded"), record(2, "deployed")], [loki], []), []);
    assert.deepEqual(recoveries([record(1, "failed")], [loki], []), []);
    assert.deepEqual(recoveries([], [], []), []);
  });

  it("goes back to the deployed revision after an interrupted upgrade", () => {
    const [only] = recoveries(
      [record(1, "superseded"), record(2, "deployed"), record(3, "pending-upgrade")],
      [loki],
      [],
    );
    assert.deepEqual(
      only?.records.map(({ revision }) => revision),
      [3],
    );
    assert.deepEqual(only?.upgrade, loki);
    assert.equal(
      only?.message,
      "release logs/loki: its upgrade to revision 3 was interrupted; continuing from revision 2, the last that was deployed",
    );
  });

  it("drops the records of an installation of which nothing was deployed, and says that data stays", () => {
    const [only] = recoveries([record(1, "pending-install")], [], []);
    assert.deepEqual(
      only?.records.map(({ revision }) => revision),
      [1],
    );
    assert.match(only?.message ?? "", /volumes and data stay/);
  });

  it("drops the records of a release that was deployed but never noted down", () => {
    assert.deepEqual(removed([record(1, "deployed")], [], [loki]), ["sh.helm.release.v1.loki.v1"]);
    assert.deepEqual(removed([record(1, "deployed")], [loki], [loki]), []);
  });

  it("keeps releases apart", () => {
    assert.deepEqual(removed([record(1, "deployed"), record(1, "pending-install", "minio")], [loki], []), [
      "sh.helm.release.v1.minio.v1",
    ]);
  });

  it("never removes the record of what is deployed and known", () => {
    const status = fc.constantFrom("superseded", "failed", "pending-install", "pending-upgrade", "pending-rollback");
    fc.assert(
      fc.property(fc.array(status, { maxLength: 6 }), fc.nat(6), (statuses, at) => {
        const all = [...statuses.slice(0, at), "deployed", ...statuses.slice(at)].map((each, index) =>
          record(index + 1, each),
        );
        const gone = recoveries(all, [loki], []).flatMap(({ records }) => records);
        assert.ok(gone.every(({ status: each }) => each.startsWith("pending-")));
        assert.equal(gone.length, all.filter(({ status: each }) => each.startsWith("pending-")).length);
      }),
    );
  });

  it("refuses while a destroy is half done", () => {
    assert.equal(halfRemoved("dev", [record(1, "deployed")], [loki]), undefined);
    assert.equal(halfRemoved("dev", [record(1, "uninstalling")], []), undefined);
    assert.match(
      halfRemoved("dev", [record(1, "uninstalling")], [loki])?.message ?? "",
      /logs\/loki\.\n {2}-> finish it first: npm run destroy -- --stack dev/,
    );
  });
});
