import assert from "node:assert/strict";
import fc from "fast-check";
import { faultIn, selectionsIn, yieldsNumbers } from "../../../domain/logql";
import { logqlOf, selectorFor } from "../../../logs/lineFilter";

describe("a filter of lines", () => {
  it("chooses streams by labels, then lines by text, pod and level", () => {
    const rows: [Parameters<typeof logqlOf>[0], string][] = [
      [{ namespaces: ["default"] }, '{namespace="default"}'],
      [{ namespaces: ["a", "b"], apps: ["shop"] }, '{namespace=~"a|b", app="shop"}'],
      [{ containers: ["main"], greps: ["panic"] }, '{container="main"} |~ "panic"'],
      [{ greps: ["a|b", "^c"] }, '{namespace=~".+"} |~ "(?:a|b)|(?:^c)"'],
      [{ pods: ["web-0"], levels: ["error"] }, '{namespace=~".+"} | pod="web-0" | detected_level="error"'],
      [{ pods: ["web-*", "db.1"] }, String.raw`{namespace=~".+"} | pod=~"web-.*|db\\.1"`],
      [{ levels: ["error", "fatal"], greps: ["x"] }, '{namespace=~".+"} |~ "x" | detected_level=~"error|fatal"'],
      [{}, '{namespace=~".+"}'],
    ];
    for (const [filter, query] of rows) assert.equal(logqlOf(filter), query);
  });

  it("is LogQL that holds what was given, whatever it is", () => {
    // As the unit "binary", which takes seconds to prepare.
    const unit = fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code));
    const name = fc.string({ minLength: 1, unit }).filter((text) => !text.includes("*"));
    const hostile = fc.oneof(
      name,
      fc.constantFrom('"', "\\", "`", "\n", '"} or {a="b', "a\tb", "\\d+", "|~", "\u0000", "é💥"),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (namespace, grep, pod) => {
        const query = logqlOf({ namespaces: [namespace], greps: [grep], pods: [pod] });
        assert.equal(faultIn(query), undefined, query);
        assert.equal(yieldsNumbers(query), false);
        const [{ matchers, lineFilters, labelFilters } = assert.fail()] = selectionsIn(query);
        assert.deepEqual(matchers, [{ label: "namespace", operator: "=", value: namespace }]);
        assert.deepEqual(lineFilters, [{ operator: "|~", value: grep }]);
        assert.deepEqual(labelFilters, [{ label: "pod", operator: "=", value: pod }]);
      }),
    );
  });

  it("takes * for any characters, and every other character for itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), fc.string({ unit: "grapheme-ascii" }), (before, after) => {
        const [before_, after_] = [before, after].map((text) => text.replaceAll("*", ""));
        const [{ matchers: [matcher] } = assert.fail()] = selectionsIn(selectorFor({ apps: [`${before_}*${after_}`] }));
        const expression = new RegExp(`^(?:${matcher!.value})$`);
        assert.ok(expression.test(`${before_}anything${after_}`));
        assert.ok(!expression.test(`x${before_}anything${after_}x`) || before_ === "" || after_ === "");
      }),
    );
  });
});
