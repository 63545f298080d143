import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { diffSchema, driftSchemaFile, eventsSchema, goldenFile, goldens, settingsFile } from "./golden";

/** Writes what the tests compare: the golden files, the table of settings, and the schemas of JSON answers. */
async function update(): Promise<void> {
  for (const golden of goldens) writeFileSync(goldenFile(golden), await golden.text());
  for (const { file, text } of [diffSchema, driftSchemaFile, eventsSchema]) writeFileSync(file, text());
  writeFileSync(settingsFile, withSettingsTable(readFileSync(settingsFile, "utf8")));
}

void update();
