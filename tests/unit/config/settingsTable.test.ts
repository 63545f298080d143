import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { settingPaths } from "../../../config/paths";
import { settingsTable, withSettingsTable } from "../../../config/settingsTable";
import { assertUnchanged, settingsFile } from "../../golden/golden";

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
