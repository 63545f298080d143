import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { golden, goldenFile, profiles, settingsFile } from "./golden";

/** Writes what the tests compare: the golden file of each stack, and the table of settings. */
async function update(): Promise<void> {
  for (const profile of profiles) writeFileSync(goldenFile(profile), await golden(profile));
  writeFileSync(settingsFile, withSettingsTable(readFileSync(settingsFile, "utf8")));
}

void update();
