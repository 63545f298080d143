import assert from "node:assert/strict";
import fc from "fast-check";
import { commentOf, cut, markerOf, settledComment, stackOf } from "../../../ci/comment";

describe("the text of a comment", () => {
  it("begins with a marker that names its stack, and only a beginning counts", () => {
    for (const stack of ["prod", "acme/logs/prod", "a.b-c_d"]) {
      assert.equal(stackOf(commentOf("text", { stack }, 1_000)), stack);
      assert.equal(stackOf(settledComment({ stack })), stack);
    }
    assert.equal(stackOf(`> ${markerOf("prod")}`), undefined);
    assert.equal(stackOf("nothing of ours"), undefined);
  });

  it("ends with the commit and where the whole difference is", () => {
    const frame = { stack: "prod", commit: "0123456789abcdef", run: "https://ci.example/1" };
    assert.match(
      commentOf("text\n", frame, 1_000),
      /^<!-- [^\n]+ -->\ntext\n\n<sub>commit 0123456789, \[[^\]]+\]\(https:\/\/ci\.example\/1\)<\/sub>\n$/,
    );
    assert.equal(commentOf("text", { stack: "prod" }, 1_000), `${markerOf("prod")}\ntext\n`);
  });

  it("never has more characters than it may, whatever it holds", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("```diff", "````", "<details>", "</details>")),
        ),
        fc.integer({ min: 1_000, max: 3_000 }),
        (lines, limit) => {
          const text = commentOf(lines.join("\n").repeat(20), { stack: "prod", run: "https://ci.example" }, limit);
          assert.ok(text.length <= limit, `${text.length} of ${limit}`);
          assert.ok(!/\p{Surrogate}/u.test(text) || /\p{Surrogate}/u.test(lines.join("\n")));
        },
      ),
    ));

  it("of 10 MB is cut, in one line or in many", () => {
    for (const text of ["x".repeat(10 << 20), "line\n".repeat(2 << 20)]) {
      const comment = commentOf(text, { stack: "prod" }, 65_000);
      assert.ok(comment.length <= 65_000 && comment.length > 64_000, String(comment.length));
      assert.match(comment, /\n\n\*\*(The rest of this line was cut|Cut here: 208\d{4} more lines)\.\*\*\n$/);
    }
  });

  it("that is cut closes what it leaves open", () => {
    const open = [
      "<details><summary>a</summary>",
      "",
      "````diff",
      "```",
      "<details>",
      ...Array<string>(500).fill("+x"),
    ];
    assert.match(cut(open.join("\n"), 900), /\n\+x\n````\n\n<\/details>\n\n\*\*Cut here: \d+ more lines\.\*\*$/);
    const closed = ["```", "a", "```", "<details>b</details>", ...Array<string>(500).fill("c")];
    assert.match(cut(closed.join("\n"), 900), /\nc\n\n\*\*Cut here/);
    assert.equal(cut("short", 900), "short");
  });
});
