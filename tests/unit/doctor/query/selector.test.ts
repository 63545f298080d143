import assert from "node:assert/strict";
import fc from "fast-check";
import { selectorOf, selectorText } from "../../../../doctor/query/selector";

describe("the selector of a query", () => {
  it("is found wherever it stands, with any quotes", () => {
    assert.deepEqual(selectorOf('sum(rate({a="b", c=~`d|e` } |= "{x}" [5m]))'), {
      start: 9,
      end: 27,
      matchers: [
        { label: "a", operator: "=", value: "b" },
        { label: "c", operator: "=~", value: "d|e" },
      ],
    });
    assert.deepEqual(selectorOf('{a!="}", b!~"\\""}')?.matchers, [
      { label: "a", operator: "!=", value: "}" },
      { label: "b", operator: "!~", value: '"' },
    ]);
    assert.equal(selectorOf("no selector"), undefined);
    assert.equal(selectorOf("{a=b}"), undefined);
  });

  it("is read back as it was written", () => {
    const label = fc.stringMatching(/^[a-z_]{1,8}$/);
    const operator = fc.constantFrom("=" as const, "!=" as const, "=~" as const, "!~" as const);
    const matcher = fc.record({ label, operator, value: fc.string() });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1, maxLength: 4 }), (matchers) => {
        assert.deepEqual(
          selectorOf(selectorText(matchers))?.matchers,
          matchers.map((one) => ({ ...one })),
        );
      }),
    );
  });
});
