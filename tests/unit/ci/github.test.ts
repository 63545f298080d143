import assert from "node:assert/strict";
import { commentOf, markerOf, settledComment } from "../../../ci/comment";
import { githubThread } from "../../../ci/github";
import { keepComment, settleComments } from "../../../ci/thread";
import { freePort } from "../../support/freePort";
import { GithubDouble, type Mishap } from "../../support/githubDouble";

describe("a comment on GitHub", () => {
  let github: GithubDouble;
  const thread = async (place = github.place()) => githubThread(place, { secondMs: 1 });
  const body = (text: string, stack = "prod") => commentOf(text, { stack }, 65_000);
  const keep = async (text: string, stack?: string) => keepComment(await thread(), body(text, stack), 1);
  const texts = () => github.comments.map((comment) => comment.body);
  const person = { id: 5, type: "User" } as const;

  beforeEach(async () => {
    github = new GithubDouble();
    await github.start();
  });
  afterEach(() => github.stop());

  it("is written once, then changed, then left alone", async () => {
    github.has("somebody's words", person);
    assert.equal((await keep("first")).what, "created");
    const { what, comment } = await keep("second");
    assert.equal(what, "updated");
    assert.equal(comment.url, "https://github.example/acme/logs/pull/7#issuecomment-101");
    assert.equal((await keep("second")).what, "unchanged");
    assert.deepEqual(texts(), ["somebody's words", body("second")]);
    assert.equal(github.requests.filter((request) => !request.startsWith("GET")).length, 2);
  });

  it("is one for each stack", async () => {
    for (const stack of ["dev", "prod", "dev"]) await keep(`about ${stack}`, stack);
    assert.deepEqual(texts(), [body("about dev", "dev"), body("about prod", "prod")]);
  });

  it("is found behind 250 others", async () => {
    for (let index = 0; index < 250; index++) github.has("other", person);
    const own = github.has(body("first"));
    assert.equal((await keep("second")).what, "updated");
    assert.equal(own.body, body("second"));
    assert.equal(github.requests.filter((request) => request.includes("per_page=100")).length, 3);
  });

  it("of somebody else is never taken for ours, whatever it begins with", async () => {
    github.has(`${markerOf("prod")}\nforged`, person);
    assert.equal((await keep("true")).what, "created");
    github.user = { id: 77, type: "User" };
    const own = github.has(body("mine"), github.user);
    assert.equal((await keep("newer")).what, "updated");
    assert.equal(own.body, body("newer"));
    assert.deepEqual(texts().slice(0, 2), [`${markerOf("prod")}\nforged`, body("true")]);
  });

  it("on a stack that is no longer touched says so", async () => {
    github.has("somebody's words", person);
    for (const stack of ["dev", "prod"]) await keep("words", stack);
    const settle = async () => settleComments(await thread(), ["prod"], (stack) => settledComment({ stack }));
    assert.equal((await settle()).length, 1);
    assert.deepEqual(texts(), ["somebody's words", settledComment({ stack: "dev" }), body("words", "prod")]);
    assert.deepEqual(await settle(), []);
  });

  it("is posted after a rate limit, of either kind", async () => {
    const secondary = { message: "You have exceeded a secondary rate limit", headers: { "retry-after": "2" } };
    const reset = String(Math.ceil(Date.now() / 1000) + 1);
    const limits: Record<string, Mishap[]> = {
      GET: [
        { status: 403, ...secondary },
        {
          status: 403,
          message: "API rate limit exceeded",
          headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
        },
      ],
      POST: [{ status: 429, ...secondary }],
    };
    github.mishap = (_, method) => limits[method]?.shift();
    assert.equal((await keep("words")).what, "created");
    assert.deepEqual([limits.GET, limits.POST, texts()], [[], [], [body("words")]]);
  });

  it("is given up, and told, if a rate limit lasts longer than a runner should wait", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 3600) };
    github.mishap = () => ({ status: 403, message: "API rate limit exceeded", headers });
    await assert.rejects(keep("words"), /rate limit is used up[^]*-> run the job again later/);
    assert.equal(github.requests.length, 1);
  });

  it("is written once even if the server fails after it took it", async () => {
    const failures = [{ status: 502, message: "Bad Gateway", afterwards: true }];
    github.mishap = (_, method) => (method === "POST" ? failures.shift() : undefined);
    assert.equal((await keep("words")).what, "unchanged");
    assert.deepEqual(texts(), [body("words")]);
  });

  it("is written after a connection that broke", async () => {
    const failures: Mishap[] = ["cut"];
    github.mishap = (_, method) => (method === "POST" ? failures.shift() : undefined);
    assert.equal((await keep("words")).what, "created");
    assert.deepEqual(texts(), [body("words")]);
  });

  for (const [what, prepare, expected] of [
    [
      "a token that is wrong",
      () => (github.mishap = () => ({ status: 401, message: "Bad credentials" })),
      /does not know the token/,
    ],
    ["a missing right", () => (github.mayWrite = false), /may not comment on pull request 7[^]*pull-requests: write/],
    [
      "a text that GitHub refuses",
      () => (github.mishap = (n) => (n === 2 ? { status: 422, message: "odd" } : undefined)),
      /refuses the comment: odd/,
    ],
  ] as const)
    it(`is not posted with ${what}, which is told with the remedy`, async () => {
      prepare();
      await assert.rejects(keep("words"), (error: Error) => {
        assert.match(error.message, expected);
        assert.match(error.message, /\n {2}-> /);
        assert.ok(!error.message.includes(github.token));
        return true;
      });
      assert.deepEqual(texts(), []);
    });

  it("needs a pull request that exists, and an API that answers", async () => {
    const post = async (place: Partial<ReturnType<typeof github.place>>) =>
      keepComment(await thread({ ...github.place(), ...place }), body("words"), 1);
    await assert.rejects(post({ number: 8 }), /has no pull request 8 of acme\/logs/);
    await assert.rejects(post({ token: "wrong" }), /does not know the token/);
    const api = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(post({ api }), /http:\/\/127\.0\.0\.1:\d+ can be reached/);
  });

  it("is as long as GitHub takes", async () => {
    assert.equal((await keep("😀".repeat(40_000))).what, "created");
    assert.equal((await keep("x\n".repeat(100_000))).what, "updated");
  });
});
