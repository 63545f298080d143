import assert from "node:assert/strict";
import { sourceFiles } from "../support/sourceFiles";

/** Prettier keeps code within 120 columns where it can; it never breaks a text, a regular expression or a comment. */
const limits = { code: 140, comment: 120 };
const isComment = (line: string) => /^\s*(\/\/|\/?\*)/.test(line);

function tooLong(content: string): string[] {
  return content.split("\n").flatMap((line, index) => {
    const limit = limits[isComment(line) ? "comment" : "code"];
    return line.length > limit ? [`${index + 1}: ${line.length} columns, at most ${limit}`] : [];
  });
}

describe("Every line fits", () => {
  it("in TypeScript", () => {
    const files = sourceFiles(".ts");
    assert.ok(files.length > 400);
    assert.deepEqual(
      files.flatMap(({ file, content }) => tooLong(content).map((fault) => `${file}:${fault}`)),
      [],
    );
  });

  it("which is shorter for a comment", () => {
    const line = "x".repeat(121);
    assert.deepEqual(tooLong(`${line}\n// ${line}\n * ${line}\n`), [
      "2: 124 columns, at most 120",
      "3: 124 columns, at most 120",
    ]);
    assert.equal(tooLong(line.repeat(2)).length, 1);
  });
});
