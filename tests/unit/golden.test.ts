import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { settingPaths } from "../../config/paths";
import { settingsTable, withSettingsTable } from "../../config/settingsTable";
import { golden, goldenFile, profiles, settingsFile, storedGolden } from "../golden/golden";

const remedy = "if that is meant, run `npm run golden:update` and review its diff";

describe("golden files", () => {
  for (const profile of profiles) {
    it(`${profile}: every resource is as in tests/golden/${profile}.yaml`, async () => {
      assert.ok(
        existsSync(goldenFile(profile)),
        `tests/golden/${profile}.yaml is missing: run \`npm run golden:update\``,
      );
      assertUnchanged(await golden(profile), storedGolden(profile), `tests/golden/${profile}.yaml`);
    });

    it(`${profile}: is the same at each run`, async () => {
      assert.equal(await golden(profile), await golden(profile));
    });

    it(`${profile}: holds no generated password`, () => {
      assert.ok(!storedGolden(profile).includes("generated-by"));
    });
  }
});

describe("the table of settings", () => {
  it("is that of the schema and the defaults", () => {
    const document = readFileSync(settingsFile, "utf8");
    assertUnchanged(withSettingsTable(document), document, "docs/settings.md");
  });

  it("has a row for each setting, with four cells", () => {
    const rows = settingsTable().split("\n");
    assert.equal(rows.length, settingPaths().length + 2);
    for (const row of rows) assert.equal(row.replaceAll("\\|", "").split("|").length, 6, row);
  });

  it("goes between the markers and leaves the rest alone", () => {
    const document = withSettingsTable("before\n<!-- settings -->\nOLD\n<!-- /settings -->\nafter\n");
    assert.ok(
      document.startsWith("before\n<!-- settings -->\n\n| setting") &&
        document.endsWith("|\n\n<!-- /settings -->\nafter\n") &&
        !document.includes("OLD"),
    );
    assert.equal(withSettingsTable(document), document);
    assert.throws(() => withSettingsTable("no markers"), {
      message: "the document needs the markers <!-- settings --> and <!-- /settings -->",
    });
  });
});

/** Fails with the lines that differ, as the reporter prints them. */
function assertUnchanged(actual: string, expected: string, file: string): void {
  if (actual !== expected) throw Object.assign(new Error(`${file} differs; ${remedy}`), { actual, expected });
}
