import assert from "node:assert/strict";
import { commentOf, markerOf } from "../../../ci/comment";
import { gitlabThread } from "../../../ci/gitlab";
import { keepComment } from "../../../ci/thread";
import { freePort } from "../../support/freePort";
import { GitlabDouble } from "../../support/gitlabDouble";

describe("a note on GitLab", () => {
  let gitlab: GitlabDouble;
  const body = (text: string) => commentOf(text, { stack: "prod" }, 65_000);
  const keep = async (text: string, place = gitlab.place()) =>
    keepComment(gitlabThread(place, { secondMs: 1 }), body(text), 1);
  const texts = () => gitlab.notes.map((note) => note.body);

  beforeEach(async () => {
    gitlab = new GitlabDouble();
    await gitlab.start();
  });
  afterEach(() => gitlab.stop());

  it("is written once, then changed, then left alone, behind 150 of others and of the system", async () => {
    gitlab.has(`${markerOf("prod")}\nforged`, 5);
    for (let index = 0; index < 149; index++) gitlab.has("approved", gitlab.me, true);
    assert.equal((await keep("first")).what, "created");
    const run = "https://gitlab.example/acme/logs/-/jobs/3";
    const { what, comment } = await keep("second", { ...gitlab.place(), run });
    assert.deepEqual([what, comment.url], ["updated", "https://gitlab.example/acme/logs/-/merge_requests/7#note_250"]);
    assert.equal((await keep("second")).what, "unchanged");
    assert.deepEqual(texts().slice(150), [body("second")]);
    assert.equal(texts()[0], `${markerOf("prod")}\nforged`);
  });

  it("is posted after a rate limit, and after a failure that took nothing", async () => {
    const failures = [
      { status: 429, message: "Retry later", headers: { "retry-after": "2" } },
      { status: 500, message: "no" },
      "cut",
    ] as const;
    let failed = 0;
    gitlab.mishap = (_, method) => (method === "POST" ? failures[failed++] : undefined);
    assert.equal((await keep("words")).what, "created");
    assert.deepEqual([failed, texts()], [4, [body("words")]]);
  });

  it("is written once even if the server fails after it took it", async () => {
    const failures = [{ status: 502, message: "Bad Gateway", afterwards: true }];
    gitlab.mishap = (_, method) => (method === "POST" ? failures.shift() : undefined);
    assert.equal((await keep("words")).what, "unchanged");
    assert.deepEqual(texts(), [body("words")]);
  });

  it("is not posted without the right, the token, the merge request or the server, which is told with the remedy", async () => {
    const place = gitlab.place();
    await assert.rejects(keep("words", { ...place, token: "glpat-wrong" }), (error: Error) => {
      assert.match(error.message, /does not know the token in GITLAB_TOKEN: 401[^]*-> make a project access token/);
      assert.ok(!error.message.includes("glpat-wrong"));
      return true;
    });
    await assert.rejects(keep("words", { ...place, number: 8 }), /has no merge request 8 of project 42/);
    const api = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(keep("words", { ...place, api }), /ECONNREFUSED[^]*can be reached/);
    gitlab.mishap = () => ({ status: 429, message: "Retry later", headers: { "retry-after": "600" } });
    await assert.rejects(keep("words"), /rate limit is used up/);
    gitlab.mishap = () => undefined;
    gitlab.mayWrite = false;
    await assert.rejects(keep("words"), /may not comment on merge request 7[^]*scope api/);
    assert.deepEqual(texts(), []);
  });
});
