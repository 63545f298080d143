import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { endOf, isFaultless, judge, lineOf, verdictText, writerScript, type LoadRun } from "../../support/oracle";

const run: LoadRun = { id: "r1", writers: 2, count: 30 };

const written = (of: LoadRun): string[] =>
  Array.from({ length: of.writers }, (_, writer) => [
    ...Array.from({ length: of.count }, (_, index) => lineOf(of.id, writer, index + 1)),
    endOf(of.id, writer),
  ]).flat();

describe("the oracle of the load tests", () => {
  it("finds no fault in what was written, in any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(written(run), { minLength: written(run).length }), (lines) => {
        assert.ok(isFaultless(judge(run, lines)));
      }),
    );
  });

  it("names exactly the lines that are missing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: run.count })), fc.nat({ max: 1 }), (gone, writer) => {
        const lost = gone.map((sequence) => lineOf(run.id, writer, sequence));
        const { missing, duplicate, altered } = judge(
          run,
          written(run).filter((line) => !lost.includes(line)),
        );
        assert.deepEqual(
          [missing.sort(), duplicate, altered],
          [gone.map((sequence) => `${writer}/${sequence}`).sort(), [], []],
        );
      }),
    );
  });

  it("names a line that was stored twice", () => {
    const verdict = judge(run, [...written(run), lineOf(run.id, 1, 7)]);
    assert.deepEqual(verdict, { missing: [], duplicate: ["1/7"], altered: [] });
  });

  it("takes a changed line for altered, and its original for missing", () => {
    const original = lineOf(run.id, 0, 9);
    for (const changed of [
      original.slice(0, -1),
      `${original} `,
      original.replace("é", "?"),
      original.replace("seq=9", "seq=10"),
      original.replace("seq=9 ", "seq=31 "),
    ]) {
      const verdict = judge(
        run,
        written(run).map((line) => (line === original ? changed : line)),
      );
      assert.deepEqual(verdict, { missing: ["0/9"], duplicate: [], altered: [changed] });
    }
  });

  it("tells the verdict with numbers and examples", () => {
    const verdict = judge(
      run,
      written(run).filter((line) => line !== lineOf(run.id, 0, 3)),
    );
    assert.equal(verdictText(run, verdict), "of 60 lines: 1 missing (0/3), 0 duplicate, 0 altered");
  });

  it("expects what the writer's script writes", () => {
    const small: LoadRun = { id: "r2", writers: 3, count: 12 };
    const script = writerScript(small, 2, 200).replace("sleep 36000", "").replaceAll("sleep 0.1", "");
    const lines = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
    assert.deepEqual(lines, [...Array.from({ length: 12 }, (_, index) => lineOf("r2", 2, index + 1)), endOf("r2", 2)]);
  });
});
