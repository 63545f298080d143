import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { diffSchema, eventsSchema, goldenFile, goldens, settingsFile } from "./golden";

/** Writes what the tests compare: the golden files, the table of settings, and the schemas of differences and of events. */
async function update(): Promise<void> {
  for (const golden of goldens) writeFileSync(goldenFile(golden), await golden.text());
  for (const schema of [diffSchema, eventsSchema]) writeFileSync(schema.file, schema.text());
  writeFileSync(settingsFile, withSettingsTable(readFileSync(settingsFile, "utf8")));
}

void update();
