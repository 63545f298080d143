import assert from "node:assert/strict";
import { csvHeader, format, formatNearby } from "../../../cli/entryFormats";

describe("entries", () => {
  const entry = {
    timestampNs: "1763800000123456789",
    labels: { namespace: "default", app: "shop", container: "main" },
    metadata: { pod: "shop-1", detected_level: "info" },
    line: "hello",
  };

  it("are a line of text", () => {
    assert.equal(format(entry, "text"), "2025-11-22T08:26:40.123Z default/shop-1/main hello");
    assert.equal(format({ ...entry, metadata: {}, labels: { app: "x" } }, "text"), "2025-11-22T08:26:40.123Z - hello");
  });

  it("are the line alone", () => {
    assert.equal(format({ ...entry, line: "  as it was\n" }, "raw"), "  as it was\n");
  });

  it("are an object that keeps the nanoseconds", () => {
    assert.deepEqual(JSON.parse(format(entry, "json")), { time: "2025-11-22T08:26:40.123Z", ...entry });
  });

  it("are a row of a table, whatever the line holds", () => {
    assert.equal(format(entry, "csv"), "2025-11-22T08:26:40.123456789Z,default,shop,shop-1,main,info,hello");
    assert.equal(
      format({ ...entry, labels: {}, metadata: {}, line: 'a,"b"\nc' }, "csv"),
      '2025-11-22T08:26:40.123456789Z,,,,,,"a,""b""\nc"',
    );
    assert.equal(csvHeader.split(",").length, 7);
  });

  it("have a colour for each pod where there are colours", () => {
    const colourOf = (pod: string) => {
      const [, colour] = format({ ...entry, metadata: { pod } }, "text", true).split("\u001B[");
      return colour?.replace(`mdefault/${pod}/main`, "");
    };
    assert.equal(colourOf("shop-1"), colourOf("shop-1"));
    const colours = new Set(Array.from({ length: 30 }, (_, index) => colourOf(`shop-${index}`)));
    assert.ok(colours.size > 5, [...colours].join(" "));
    assert.match([...colours].join(" "), /^\d\d( \d\d)*$/);
    for (const output of ["raw", "json", "csv"] as const)
      assert.equal(format(entry, output, true), format(entry, output, false));
  });

  it("in a group say which were found", () => {
    assert.equal(formatNearby({ entry, found: true }, "text"), `> ${format(entry, "text")}`);
    assert.equal(formatNearby({ entry, found: false }, "text"), `  ${format(entry, "text")}`);
    assert.equal(formatNearby({ entry, found: true }, "raw"), "hello");
    assert.equal((JSON.parse(formatNearby({ entry, found: true }, "json")) as { found: boolean }).found, true);
  });
});
