import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeIn } from "../../../ci/place";

describe("the pull request of a run", () => {
  let folder: string;
  const event = () => join(folder, "event.json");
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "place-"));
    writeFileSync(event(), JSON.stringify({ pull_request: { number: 7, head: { sha: "abc" } } }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const github = () => ({
    GITHUB_TOKEN: "t",
    GITHUB_REPOSITORY: "acme/logs",
    GITHUB_API_URL: "https://ghe.example/api/v3/",
    GITHUB_SERVER_URL: "https://ghe.example",
    GITHUB_RUN_ID: "9",
    GITHUB_SHA: "merge",
    GITHUB_EVENT_PATH: event(),
  });
  const gitlab = {
    GITLAB_CI: "true",
    GITLAB_TOKEN: "t",
    CI_API_V4_URL: "https://gitlab.example/api/v4",
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "7",
    CI_COMMIT_SHA: "abc",
    CI_JOB_URL: "https://gitlab.example/acme/logs/-/jobs/3",
  };

  it("is what GitHub Actions says, with the commit that was pushed and not its merge", () =>
    assert.deepEqual(placeIn(github()), {
      kind: "github",
      api: "https://ghe.example/api/v3",
      token: "t",
      repository: "acme/logs",
      number: 7,
      commit: "abc",
      run: "https://ghe.example/acme/logs/actions/runs/9",
    }));

  it("is what GitLab CI says", () =>
    assert.deepEqual(placeIn(gitlab), {
      kind: "gitlab",
      api: "https://gitlab.example/api/v4",
      token: "t",
      repository: "42",
      number: 7,
      commit: "abc",
      run: "https://gitlab.example/acme/logs/-/jobs/3",
    }));

  it("is the one that was named", () => {
    assert.equal(placeIn(github(), 12).number, 12);
    assert.equal(placeIn({ GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/b" }, 12).api, "https://api.github.com");
  });

  it("is not guessed: everything that is missing is told at once", () => {
    assert.throws(
      () => placeIn({}),
      /GITHUB_TOKEN is not set; GITHUB_REPOSITORY is not OWNER\/NAME; no pull request is known\.\n(.*->.*\n?){3}$/,
    );
    assert.throws(
      () => placeIn({ GITLAB_CI: "true" }),
      /GITLAB_TOKEN .*CI_API_V4_URL .*CI_PROJECT_ID .*no merge request/,
    );
    assert.throws(() => placeIn({ ...gitlab, CI_MERGE_REQUEST_IID: "" }), /no merge request is known/);
  });

  it("gets no token over plain http, but on this machine", () => {
    assert.throws(() => placeIn({ ...github(), GITHUB_API_URL: "http://ghe.example" }), /not an https address/);
    assert.throws(() => placeIn({ ...gitlab, CI_API_V4_URL: "gitlab" }), /not an https address/);
    assert.equal(placeIn({ ...github(), GITHUB_API_URL: "http://127.0.0.1:80" }).api, "http://127.0.0.1:80");
  });

  it("is told to be unreadable if its event is", () => {
    writeFileSync(join(folder, "bad.json"), "{");
    assert.throws(() => placeIn({ ...github(), GITHUB_EVENT_PATH: join(folder, "bad.json") }), /can't be read/);
  });
});
