import { readFileSync, writeFileSync } from "node:fs";

import { withSettingsTable } from "../../config/settingsTable";
import { golden, goldenFile, profiles, readmeFile } from "./golden";

/** Writes what the tests compare: the golden file of each stack, and the README's table of settings. */
async function update(): Promise<void> {
  for (const profile of profiles) writeFileSync(goldenFile(profile), await golden(profile));
  writeFileSync(readmeFile, withSettingsTable(readFileSync(readmeFile, "utf8")));
}

void update();
