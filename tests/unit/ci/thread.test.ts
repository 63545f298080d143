import assert from "node:assert/strict";
import { commentOf } from "../../../ci/comment";
import { keepComment, type Comment, type Thread } from "../../../ci/thread";

/** Stands in for a server that keeps comments; `answers` says of each new one whether it is taken, and whether that is told. */
class ThreadDouble implements Thread {
  readonly limit = 65_000;
  readonly comments: Comment[] = [];
  asked = 0;

  constructor(private readonly answers: { taken: boolean; told: boolean }[]) {}

  async own(): Promise<Comment[]> {
    this.asked++;
    return Promise.resolve([...this.comments]);
  }

  async create(body: string): Promise<Comment | undefined> {
    const { taken, told } = this.answers.shift() ?? { taken: true, told: true };
    const comment = { id: this.comments.length, body, url: "" };
    if (taken) this.comments.push(comment);
    return Promise.resolve(told ? comment : undefined);
  }

  async update(comment: Comment, body: string): Promise<Comment> {
    this.comments[comment.id] = { ...comment, body };
    return Promise.resolve(this.comments[comment.id]!);
  }
}

describe("one comment", () => {
  const body = commentOf("words", { stack: "prod" }, 1_000);
  const lost = { taken: false, told: false };
  const silent = { taken: true, told: false };

  for (const [what, answers, looks, expected] of [
    ["taken at once", [], 1, "created"],
    ["taken at the third try", [lost, lost], 3, "created"],
    ["taken without a word", [silent], 2, "unchanged"],
    ["lost, then taken without a word", [lost, silent], 3, "unchanged"],
  ] as const)
    it(`is one, ${what}`, async () => {
      const thread = new ThreadDouble([...answers]);
      assert.equal((await keepComment(thread, body, 1)).what, expected);
      assert.deepEqual(
        thread.comments.map((comment) => comment.body),
        [body],
      );
      assert.equal(thread.asked, looks);
    });

  it("that is always lost is given up, and told", async () => {
    const thread = new ThreadDouble([lost, lost, lost]);
    await assert.rejects(keepComment(thread, body, 1), /failed 3 times to take the comment[^]*again later/);
    assert.deepEqual(thread.comments, []);
  });
});
