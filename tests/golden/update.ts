import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { goldenFile, goldens, settingsFile } from "./golden";

/** Writes what the tests compare: the golden files, and the table of settings. */
async function update(): Promise<void> {
  for (const golden of goldens) writeFileSync(goldenFile(golden), await golden.text());
  writeFileSync(settingsFile, withSettingsTable(readFileSync(settingsFile, "utf8")));
}

void update();
