import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiReports } from "./apiReport";

/** Writes the reports of the public API from what `npm run build` has made. */
function update(): void {
  const folder = mkdtempSync(join(tmpdir(), "logharbor-api-"));
  try {
    for (const { file, changed, hidden } of apiReports(folder, { write: true }))
      console.log(`${file}: ${changed ? "written" : "as it was"}; not exported: ${hidden.join(", ") || "nothing"}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

update();
