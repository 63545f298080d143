import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";

import { differences } from "../golden/differences";
import { assertUnchanged, goldenFile, goldens } from "../golden/golden";
import { registerStack } from "../support/stack";

describe("golden files", () => {
  for (const golden of goldens) {
    const file = goldenFile(golden);

    it(`${golden.name}: is what the program makes`, async () => {
      const stored = existsSync(file) ? readFileSync(file, "utf8") : "";
      assertUnchanged(await golden.text(), stored, `tests/golden/${golden.name}.yaml`);
    });

    it(`${golden.name}: holds no generated password`, () => {
      assert.ok(!readFileSync(file, "utf8").includes("generated-by"));
    });
  }

  for (const golden of goldens.filter(({ name }) => name === "dev" || name === "prod")) {
    it(`${golden.name}: is the same at each run`, async () => {
      assert.equal(await golden.text(registerStack), await golden.text());
    });
  }

  it("are the only ones in their folder", () => {
    const files = goldens.map(goldenFile);
    const stored = readdirSync(dirname(files[0]!)).filter((name) => name.endsWith(".yaml"));
    assert.deepEqual(stored.sort(), files.map((file) => basename(file)).sort());
  });
});

describe("differences of two stacks", () => {
  const changed = (was: object, is: object) =>
    (differences({ a: was } as never, { a: is } as never).a as { changed?: unknown } | undefined)?.changed;

  it("are resources that came, that went, and those that are not the same", () => {
    const [same, one, other] = [{ type: "same" }, { type: "one" }, { type: "other" }];
    assert.deepEqual(differences({ same, gone: one, changed: one }, { same, changed: other, come: other }), {
      changed: { changed: { type: { was: "one", is: "other" } } },
      come: { added: other },
      gone: { removed: true },
    });
  });

  it("are the paths that differ, and no others", () => {
    assert.deepEqual(changed({ a: { b: 1, c: 1, d: [{ e: 1 }, 2] } }, { a: { b: 1, c: 2, d: [{ e: 3 }, 2] } }), {
      a: { c: { was: 1, is: 2 }, d: { 0: { e: { was: 1, is: 3 } } } },
    });
    assert.deepEqual(changed({ a: 1, b: {} }, { b: [], c: null }), {
      a: { was: 1 },
      b: { was: {}, is: [] },
      c: { is: null },
    });
    assert.equal(changed({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), undefined);
  });

  it("are the elements of a list that is shorter or longer", () => {
    assert.deepEqual(changed({ a: [{ x: 1 }, 2] }, { a: [3, { x: 1 }, 4] }), { a: { was: [2], is: [3, 4] } });
    assert.deepEqual(changed({ a: [1, 2] }, { a: [2] }), { a: { was: [1] } });
    assert.deepEqual(changed({ a: [1, 2] }, { a: [2, 1, 1] }), { a: { was: [1], is: [1, 1] } });
  });

  it("are the lines of a long text, with two around them", () => {
    const text = (...lines: unknown[]) => lines.join("\n");
    assert.deepEqual(changed({ a: text(1, 2, 3, 4, 5, 6, 7, 8, 9) }, { a: text(1, 2, 3, 4, "x", 6, 7, 8, 9, 10) }), {
      a: "@@\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n+10\n",
    });
  });
});
