import assert from "node:assert/strict";

import fc from "fast-check";

import { halfRemoved, recoveries } from "../../../automation/helmRecords";
import type { HelmRecord } from "../../../cluster/helmRelease";
import { helmRecord as record } from "../../support/helmRecord";
import { loki } from "./deployment";

/** Where a stack's state has the release: as a resource, as a creation that began, or not at all. */
const places = {
  "in the state": { known: [loki], unfinished: [] },
  begun: { known: [], unfinished: [loki] },
  "not in the state": { known: [], unfinished: [] },
};
type Place = keyof typeof places;

const recovered = (statuses: readonly string[], place: Place) => {
  const all = statuses.map((status, index) => record(index + 1, status));
  const plan = recoveries(all, places[place]);
  const gone = plan.flatMap(({ records }) => records);
  return { plan, gone, left: all.filter((one) => !gone.includes(one)) };
};

/** Whether Helm upgrades a release with these records, as its `action.Upgrade` decides. */
const helmUpgrades = (records: readonly HelmRecord[]) => {
  const last = records.at(-1)?.status;
  if (last === undefined || last.startsWith("pending-")) return false;
  return records.some(({ status }) => status === "deployed") || last === "failed" || last === "superseded";
};

describe("recovery of interrupted releases", () => {
  const nothing = undefined;
  const rows: [statuses: string, place: Place, next: string | undefined, removed: number[]][] = [
    ["deployed", "in the state", nothing, []],
    ["superseded deployed", "in the state", nothing, []],
    ["failed", "in the state", nothing, []],
    ["deployed failed", "in the state", nothing, []],
    ["superseded failed", "in the state", nothing, []],
    ["deployed pending-upgrade", "in the state", "upgrade", [2]],
    ["superseded deployed pending-upgrade", "in the state", "upgrade", [3]],
    ["superseded deployed pending-rollback", "in the state", "upgrade", [3]],
    ["deployed failed pending-upgrade", "in the state", "upgrade", [3]],
    ["failed pending-upgrade", "in the state", "upgrade", [2]],
    ["failed failed pending-upgrade", "in the state", "upgrade", [3]],
    ["pending-install", "in the state", "install", [1]],
    ["pending-install pending-upgrade", "in the state", "install", [1, 2]],
    ["uninstalled pending-upgrade", "in the state", "install", [1, 2]],
    ["unknown", "in the state", "install", [1]],
    ["", "in the state", "install", []],
    ["pending-install", "begun", "install", [1]],
    ["deployed", "begun", "install", [1]],
    ["failed pending-upgrade", "begun", "install", [1, 2]],
    ["", "begun", nothing, []],
    ["deployed", "not in the state", nothing, []],
    ["pending-install", "not in the state", nothing, []],
    ["failed pending-upgrade", "not in the state", nothing, []],
  ];
  for (const [statuses, place, next, gone] of rows)
    it(`${statuses === "" ? "no record" : statuses}, ${place}: ${next ?? "nothing"}`, () => {
      const found = recovered(statuses.split(" ").filter(Boolean), place);
      assert.deepEqual(found.plan[0]?.next, next);
      assert.deepEqual(
        found.gone.map(({ revision }) => revision),
        gone,
      );
    });

  const statuses = [
    "deployed",
    "superseded",
    "failed",
    "uninstalled",
    "unknown",
    "pending-install",
    "pending-upgrade",
    "pending-rollback",
  ];
  const some = fc.array(fc.constantFrom(...statuses), { maxLength: 6 });

  it("leaves a release in the state that Helm upgrades, or neither a record nor an entry of it", () => {
    fc.assert(
      fc.property(some, (each) => {
        const { plan, gone, left } = recovered(each, "in the state");
        if (plan[0]?.next === "install") assert.deepEqual(left, []);
        else assert.ok(helmUpgrades(left));
        if (each.includes("deployed")) assert.ok(gone.every(({ status }) => status.startsWith("pending-")));
      }),
    );
  });

  it("leaves no record of a release whose creation began, and every record of one that is not the stack's", () => {
    fc.assert(
      fc.property(some, (each) => {
        assert.deepEqual(recovered(each, "begun").left, []);
        assert.deepEqual(recovered(each, "not in the state").plan, []);
      }),
    );
  });

  it("says what was wrong and what was done", () => {
    const says = (each: string, place: Place) => recovered(each.split(" ").filter(Boolean), place).plan[0]?.message;
    assert.deepEqual(
      [
        says("failed pending-upgrade", "in the state"),
        says("pending-install pending-upgrade", "in the state"),
        says("", "in the state"),
        says("pending-install", "begun"),
      ],
      [
        "release logs/loki: its upgrade was interrupted; removed Helm's record of revision 2 (pending-upgrade); " +
          "up continues from revision 1 (failed)",
        "release logs/loki: no revision of it was ever deployed; removed Helm's record of revisions 1 (pending-install), " +
          "2 (pending-upgrade) and its entry in the state; up installs it over what exists (volumes and data stay)",
        "release logs/loki: Helm has no record of it; removed its entry in the state; " +
          "up installs it over what exists (volumes and data stay)",
        "release logs/loki: its installation was interrupted before the state knew of it; removed Helm's record of " +
          "revision 1 (pending-install); up installs it over what exists (volumes and data stay)",
      ],
    );
  });

  it("keeps releases apart", () => {
    const minio = { namespace: "logs", name: "minio" };
    const all = [record(1, "deployed"), record(1, "pending-install", "minio"), record(1, "pending-install", "theirs")];
    assert.deepEqual(
      recoveries(all, { known: [loki, minio], unfinished: [] }).map(({ release }) => release),
      [minio],
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
