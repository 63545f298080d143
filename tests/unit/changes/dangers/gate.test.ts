import assert from "node:assert/strict";

import { dangersOf } from "../../../../changes/dangers/dangers";
import { DangerError, sorted } from "../../../../changes/dangers/gate";
import { existingOf } from "../../../support/existing";
import { settingsFor } from "../../../support/stack";
import { today } from "./cases";

describe("the gate of dangers", () => {
  it("tells all at once, each with its remedy and the yes that lets it pass", () => {
    const dangers = dangersOf(
      existingOf(settingsFor("dev")),
      settingsFor("dev", { retention: { warmDays: 3 }, loki: { volumeSize: "1Gi" } }),
      today,
    );
    assert.equal(
      new DangerError(dangers).message,
      [
        "2 changes would lose logs or fail halfway, so nothing was touched:",
        "  logharbor:loki.volumeSize is 1Gi, below the 10Gi of StatefulSet loki: a volume can't shrink",
        "  -> set it back to 10Gi",
        "  logharbor:retention.warmDays keeps logs for 3 days instead of 7 days as now: the compactor would delete the days between",
        "  -> set it to at least 7",
        "  -> or accept it: pulumi config set --path 'logharbor:allow[0]' retention-cut",
      ].join("\n"),
    );
  });

  it("lets pass what `allow` names, and finds an `allow` that nothing needs", () => {
    const dangers = dangersOf(
      existingOf(settingsFor("dev")),
      settingsFor("dev", { retention: { warmDays: 3 }, loki: { volumeSize: "1Gi" } }),
      today,
    );
    const { refused, passed, unneeded } = sorted(dangers, ["retention-cut", "topology-change"]);
    assert.deepEqual(
      [refused.map(({ key }) => key), passed.map(({ key }) => key), unneeded],
      [["loki.volumeSize"], ["retention.warmDays"], ["topology-change"]],
    );
  });
});
