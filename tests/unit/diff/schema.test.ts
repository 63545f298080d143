import { readFileSync } from "node:fs";
import { assertUnchanged, diffSchema } from "../../golden/golden";

describe("the schema of a difference in JSON", () => {
  it("in docs/ is that of the report", () =>
    assertUnchanged(readFileSync(diffSchema.file, "utf8"), diffSchema.text(), "docs/diff.schema.json"));
});
