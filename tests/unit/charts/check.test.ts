import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkCharts, unknownValues } from "../../../charts/check";
import { standInCharts, standIns } from "../../../local/doubles/charts";
import { settingsFor } from "../../support/stack";

describe("a mirror", () => {
  const directory = mkdtempSync(join(tmpdir(), "charts-"));
  after(() => rmSync(directory, { recursive: true }));

  it("that lacks charts is refused with how to fill it", async () => {
    await assert.rejects(
      checkCharts({ upstream: directory, standIns, stack: "dev", settings: settingsFor("dev") }),
      /lacks the charts minio, loki, alloy, grafana\.\n {2}-> put the folder minio or minio-5\.4\.0\.tgz there: helm pull/,
    );
  });
});

describe("a stack's own values", () => {
  it("are held against the chart", () => {
    const values = { loki: { stray: 1, loki: { serviceLabels: { team: "platform" }, serviceLabel: {} } } };
    assert.deepEqual(unknownValues(join(standInCharts, "loki"), "loki", settingsFor("dev", { values })), [
      { fact: "values.loki.stray", expected: "a value that the chart knows" },
      { fact: "values.loki.loki.serviceLabel", expected: "a value that the chart knows" },
    ]);
  });
});
