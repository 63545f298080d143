import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chartIn } from "../../../charts/mirror";

describe("a mirror of charts", () => {
  const directory = mkdtempSync(join(tmpdir(), "charts-"));
  after(() => rmSync(directory, { recursive: true }));

  it("holds charts as folders or archives", () => {
    for (const file of ["loki-18.11.0.tgz", "loki-canary-1.0.0.tgz", "minio.tgz"])
      writeFileSync(join(directory, file), "");
    mkdirSync(join(directory, "alloy"));
    writeFileSync(join(directory, "alloy", "Chart.yaml"), "");
    assert.equal(chartIn(directory, "loki", "18.11.0"), join(directory, "loki-18.11.0.tgz"));
    assert.equal(chartIn(directory, "minio", "5.4.0"), join(directory, "minio.tgz"));
    assert.equal(chartIn(directory, "alloy", "1.11.1"), join(directory, "alloy"));
    assert.equal(chartIn(directory, "grafana", "12.11.1"), undefined);
  });
});
