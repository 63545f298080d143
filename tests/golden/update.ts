import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { diffSchema, goldenFile, goldens, settingsFile } from "./golden";

/** Writes what the tests compare: the golden files, the table of settings, and the schema of differences. */
async function update(): Promise<void> {
  for (const golden of goldens) writeFileSync(goldenFile(golden), await golden.text());
  writeFileSync(diffSchema.file, diffSchema.text());
  writeFileSync(settingsFile, withSettingsTable(readFileSync(settingsFile, "utf8")));
}

void update();
