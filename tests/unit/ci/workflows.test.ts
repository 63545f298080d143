import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { projectDir } from "../../../automation/project";
import { commentOf, settledComment } from "../../../ci/comment";
import { CheckoutCopy } from "../../support/checkoutCopy";
import { GithubDouble } from "../../support/githubDouble";
import { GitlabDouble } from "../../support/gitlabDouble";
import { actionIn, RunnerDouble, workflowIn, type Step } from "../../support/runnerDouble";

const workflow = workflowIn(".github/workflows/preview.yml");
const action = actionIn(".github/actions/preview");

describe("the workflow for pull requests", () => {
  const files = readdirSync(join(projectDir, ".github"), { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  const steps = [...Object.values(workflow.jobs).flatMap((job) => job.steps), ...action.runs.steps];

  it("pins each action of others by its digest, and names the version", () => {
    let pins = 0;
    for (const file of files)
      for (const [line, what] of readFileSync(join(projectDir, ".github", file), "utf8").matchAll(
        /^.*\buses: (.*)$/gm,
      )) {
        pins++;
        assert.match(what!, /^(\.\/\.github\/actions\/[\w-]+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/, line);
      }
    assert.ok(pins >= 6, String(pins));
  });

  it("gets the rights that it needs, job by job, and no more", () => {
    assert.deepEqual(workflow.permissions, {});
    const read = { contents: "read", "pull-requests": "write" };
    assert.deepEqual(
      Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]),
      [
        ["stacks", read],
        ["preview", read],
        ["verdict", {}],
      ],
    );
  });

  it("never runs foreign code with secrets", () => {
    assert.deepEqual(Object.keys(workflow.on), ["pull_request"]);
    for (const { uses, with: given } of steps)
      if (uses?.startsWith("actions/checkout@") === true) assert.equal(given?.["persist-credentials"], false);
  });

  it("puts no expression into a script, where it could be code", () => {
    for (const { run = "" } of steps) assert.ok(!run.includes("${{"), run);
  });

  it("gives credentials to the steps that use them alone", () => {
    const holders = (pattern: RegExp) =>
      action.runs.steps
        .filter((step: Step) => pattern.test(JSON.stringify([step.env, step.with])))
        .map(({ name }) => name);
    assert.deepEqual(holders(/inputs\.pulumi-/), ["Preview"]);
    assert.deepEqual(holders(/inputs\.token/), ["Comment"]);
    assert.deepEqual(holders(/inputs\.kubeconfig \}/), ["Write the kubeconfig"]);
  });

  it("has the Pulumi CLI of the SDK's version, and inputs that say what they are", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const cli = action.runs.steps.find(({ uses }) => uses?.startsWith("pulumi/actions@"));
    const version = devDependencies["@pulumi/pulumi"];
    assert.equal(cli?.with?.["pulumi-version"], version);
    assert.ok(readFileSync(join(projectDir, "docs/ci.md"), "utf8").includes(`--version ${version}\n`));
    for (const [name, { description, required, default: value }] of Object.entries(action.inputs)) {
      assert.match(description ?? "", /\((string|path|revision|URL|secret|one of [^)]+|`true` or `false`)\)/, name);
      assert.ok(required === true || value !== undefined, name);
    }
  });
});

describe("the steps of the workflow, as they stand", function () {
  // Each command loads the program.
  this.timeout(120_000);

  let checkout: CheckoutCopy;
  let github: GithubDouble;
  const runners: RunnerDouble[] = [];

  before(() => {
    checkout = new CheckoutCopy();
    appendFileSync(checkout.file("Pulumi.dev.yaml"), "  logharbor:retention:\n    warmDays: 5\n");
    writeFileSync(checkout.file("notes.md"), "words");
    checkout.commit("change");
  });
  beforeEach(async () => {
    github = new GithubDouble();
    await github.start();
  });
  afterEach(() => {
    github.stop();
    for (const runner of runners.splice(0)) runner.remove();
  });
  after(() => checkout.remove());

  /** A runner with what GitHub gives to a pull request of this repository, or of a fork. */
  function runner(more: Record<string, object> = {}, { fork = false } = {}): RunnerDouble {
    const head = { sha: "0123456789abcdef", repo: { full_name: fork ? "somebody/logs" : "acme/logs" } };
    const event = { pull_request: { number: 7, head } };
    const made = new RunnerDouble(
      checkout.folder,
      {
        github: { event, repository: "acme/logs", actor: "ann", token: github.token },
        secrets: {},
        vars: {},
        ...more,
      },
      {
        GITHUB_REPOSITORY: "acme/logs",
        GITHUB_API_URL: github.api,
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_RUN_ID: "99",
        GITHUB_EVENT_PATH: checkout.file(".git/event.json"),
      },
    );
    writeFileSync(checkout.file(".git/event.json"), JSON.stringify(event));
    runners.push(made);
    return made;
  }

  it("find the stacks, and settle the comment on one that is no longer touched", async () => {
    for (const stack of ["dev", "prod"]) github.has(commentOf("old", { stack }, 1_000));
    const run = runner();
    assert.deepEqual(await run.job(workflow.jobs.stacks!), { passed: true, outputs: { stacks: '["dev"]' } });
    const frame = { commit: "0123456789abcdef", run: "https://github.example/acme/logs/actions/runs/99" };
    assert.deepEqual(
      github.comments.map(({ body }) => body),
      [commentOf("old", { stack: "dev" }, 1_000), settledComment({ stack: "prod", ...frame })],
    );
  });

  it("ask nothing of GitHub for a fork", async () => {
    const run = runner({}, { fork: true });
    assert.deepEqual(await run.job(workflow.jobs.stacks!), { passed: true, outputs: { stacks: '["dev"]' } });
    assert.equal(run.outcomes()["Settle the comments on other stacks"], "skipped");
    assert.deepEqual(github.requests, []);
  });

  it("fail and tell why, in the comment and the summary, if a preview fails", async () => {
    checkout.git("checkout", "--quiet", "--orphan", "alone");
    checkout.commit("without history");
    try {
      const run = runner({ matrix: { stack: "dev" } });
      const { passed } = await run.job(workflow.jobs.preview!);
      assert.equal(passed, false, JSON.stringify(run.ran));
      assert.deepEqual(run.outcomes(), {
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1": "foreign",
        "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020": "foreign",
        "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d": "foreign",
        "Install the packages": "success",
        "Choose the places": "success",
        "Write the kubeconfig": "skipped",
        Preview: "failure",
        "Remove the kubeconfig": "skipped",
        "Add the summary": "success",
        "Upload the whole difference": "foreign",
        Comment: "success",
      });
      const [{ body } = { body: "" }] = github.comments;
      for (const text of [body, run.summary])
        assert.match(text, /### Stack `dev`: the preview failed\n[^]*has no revision "HEAD\^1"/);
      assert.match(body, /commit 0123456789, \[the run has the whole difference\]/);
    } finally {
      checkout.git("checkout", "--quiet", "main");
    }
  });

  it("of the action refuse inputs that are none", async () => {
    const run = runner();
    const given = { stack: "dev", against: "nothing", comment: true };
    const { passed } = await run.job({ "runs-on": "", steps: [{ uses: "./.github/actions/preview", with: given }] });
    assert.equal(passed, false);
    const log = (name: string) => run.ran.find(({ step }) => step === name)?.log ?? "";
    assert.match(log("Preview"), /Allowed choices are deployed, base/);
    assert.match(log("Comment"), /comment\.md does not exist, so nothing was posted/);
    assert.deepEqual(github.comments, []);
  });

  it("keep the kubeconfig to its owner, and remove it", async () => {
    const run = runner();
    const names = ["Write the kubeconfig", "Remove the kubeconfig"];
    const kept = action.runs.steps.filter(({ name = "" }) => names.includes(name));
    const look = { name: "Look", run: 'stat -c %a "$RUNNER_TEMP/kubeconfig" && cat "$RUNNER_TEMP/kubeconfig"' };
    const inputs = { kubeconfig: "a: 'b'\nc: $HOME `x`" };
    const job = { "runs-on": "", steps: [kept[0]!, look, kept[1]!, { ...look, name: "Look again" }] };
    const made = new RunnerDouble(checkout.folder, { inputs }, {});
    runners.push(made, run);
    await made.job(job);
    assert.deepEqual(made.ran[1], { step: "Look", outcome: "success", log: `600\n${inputs.kubeconfig}\n` });
    assert.equal(made.ran[3]?.outcome, "failure");
  });

  it("pass if nothing stands against the change: no stack, or previews that all passed", async () => {
    const verdict = async (stacks: string, preview: string) =>
      (
        await runner({ needs: { stacks: { result: stacks }, preview: { result: preview } } }).job(
          workflow.jobs.verdict!,
        )
      ).passed;
    assert.deepEqual(
      [
        await verdict("success", "success"),
        await verdict("success", "skipped"),
        await verdict("success", "failure"),
        await verdict("success", "cancelled"),
        await verdict("failure", "skipped"),
      ],
      [true, true, false, false, false],
    );
  });

  it("of GitLab's job in docs/ci.md do the same, and fail as the preview does", async () => {
    const gitlab = new GitlabDouble();
    await gitlab.start();
    try {
      const blocks = [...readFileSync(join(projectDir, "docs/ci.md"), "utf8").matchAll(/```yaml\n(.*?)```/gs)];
      const job = blocks.map(([, text]) => parse(text!) as { preview?: { script: string[] } });
      // What is installed stays as it is.
      const script = job.flatMap(({ preview }) => preview?.script ?? []).filter((line) => !/^npm ci$|curl/.test(line));
      assert.equal(script.length, 7);
      const { api, token, repository } = gitlab.place();
      const run = async (stack: string, base: string) =>
        promisify(execFile)("bash", ["-eo", "pipefail", "-c", script.join("\n")], {
          cwd: checkout.folder,
          env: {
            ...process.env,
            STACK: stack,
            GITLAB_CI: "true",
            GITLAB_TOKEN: token,
            CI_API_V4_URL: api,
            CI_PROJECT_ID: repository,
            CI_MERGE_REQUEST_IID: "7",
            CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
            AGAINST: "nothing",
          },
        });
      assert.match((await run("prod", "HEAD^1")).stdout, /^not touched$/m);
      assert.deepEqual(gitlab.requests, []);
      await assert.rejects(run("dev", "nosuch"), /has no revision "nosuch"/);
      await assert.rejects(run("dev", "HEAD^1"), /Allowed choices are deployed, base[^]*comment\.md does not exist/);
      mkdirSync(checkout.file("preview"));
      writeFileSync(checkout.file("preview/comment.md"), "words");
      await assert.rejects(run("dev", "HEAD^1"), /Allowed choices are deployed, base/);
      assert.deepEqual(
        gitlab.notes.map(({ body }) => body),
        [commentOf("words", { stack: "dev" }, 1_000)],
      );
    } finally {
      gitlab.stop();
    }
  });
});
