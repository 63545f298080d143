import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { projectDir } from "../../automation/project";
import { filesOf, statusOf } from "../../ci/outcome";
import { previewDeployed } from "../../ci/preview";
import { cacheDir } from "../../local/cache";
import { standInCharts } from "../../local/doubles/charts";
import { CheckoutCopy } from "../support/checkoutCopy";
import { GithubDouble } from "../support/githubDouble";
import { platform, type Overrides } from "../support/platform";
import { RunnerDouble, workflowIn } from "../support/runnerDouble";
import { full } from "../support/sizes";

describe("pull requests", () => {
  const p = platform();

  full("it compiles actionlint", "actionlint finds no fault in the workflows, and a planted one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-"));
    const actionlint = async () =>
      promisify(execFile)(join(cacheDir(), "bin", "actionlint"), ["-no-color"], { cwd: folder });
    try {
      cpSync(join(projectDir, ".github"), join(folder, ".github"), { recursive: true });
      execFileSync("git", ["init", "--quiet", folder]);
      assert.equal((await actionlint()).stdout, "");
      const file = join(folder, ".github/workflows/preview.yml");
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace("needs.stacks.outputs.stacks)", "needs.stacks.outputs.none)"),
      );
      await assert.rejects(actionlint(), ({ stdout }: { stdout: string }) => stdout.includes('"none" is not defined'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  full(
    "it renders charts; unit tests run the same steps to a failure",
    "the action, as it stands, compares two revisions without credentials, comments what up would refuse, and fails",
    async () => {
      const checkout = new CheckoutCopy();
      const settings = (warmDays: number) =>
        writeFileSync(
          checkout.file("Pulumi.small.yaml"),
          stringify({
            config: {
              "logharbor:profile": "dev",
              "logharbor:grafana": { enabled: false },
              "logharbor:retention": { warmDays },
            },
          }),
        );
      const github = new GithubDouble();
      let runner: RunnerDouble | undefined;
      try {
        for (const days of [7, 5]) {
          settings(days);
          checkout.commit(`${days} days`);
        }
        await github.start();

        const { engine } = await p.stack();
        const head = { sha: "0123456789abcdef", repo: { full_name: "acme/logs" } };
        const event = { pull_request: { number: 7, head } };
        writeFileSync(checkout.file(".git/event.json"), JSON.stringify(event));
        const contexts = {
          github: { event, repository: "acme/logs", actor: "ann", token: github.token },
          matrix: { stack: "small" },
          secrets: {},
          vars: {},
        };
        runner = new RunnerDouble(checkout.folder, contexts, {
          GITHUB_REPOSITORY: "acme/logs",
          GITHUB_API_URL: github.api,
          GITHUB_EVENT_PATH: checkout.file(".git/event.json"),
          KUBECONFIG: "/dev/null",
          PULUMI_HOME: engine.env?.PULUMI_HOME ?? "",
          PATH: `${dirname(engine.cli ?? "")}:${process.env.PATH}`,
        });
        const job = workflowIn(".github/workflows/preview.yml").jobs.preview!;
        for (const step of job.steps) if (step.with?.stack !== undefined) step.with.charts = standInCharts;
        const { passed } = await runner.job(job);

        assert.equal(passed, false);
        const outcomes = runner.outcomes();
        assert.deepEqual([outcomes.Preview, outcomes.Comment], ["failure", "success"], JSON.stringify(runner.ran));
        assert.equal(github.comments.length, 1);
        const { body } = github.comments[0]!;
        for (const text of [body, runner.summary]) {
          assert.match(text, /### Stack `small`: 1 changed, \d+ unchanged/);
          assert.match(text, /Dangers that `up` refuses[^]*keeps logs for 5 days instead of 7/);
          assert.match(text, /^-\s+retention_period: 168h\n\+\s+retention_period: 120h$/m);
        }
        const kept = readdirSync(runner.file("preview-small")).sort();
        assert.deepEqual(kept, ["comment.md", "diff.json", "diff.txt"]);
      } finally {
        runner?.remove();
        github.stop();
        checkout.remove();
      }
    },
  );

  full("it takes two previews", "a preview of what is deployed passes, or tells what up would refuse", async () => {
    await p.ensureUp();
    const preview = async (overrides: Overrides = {}) =>
      previewDeployed(p.stackName, async () => p.stack(overrides), {});
    const same = await preview();
    assert.deepEqual([statusOf(same), same.failures], [0, []]);
    assert.match(filesOf(same)["comment.md"]!, /no difference[^]*Pulumi's preview: no changes/);
    const refused = await preview({ retention: { warmDays: 1 } });
    assert.equal(statusOf(refused), 3);
    assert.match(filesOf(refused)["comment.md"]!, /This failed:[^]*### Stack[^]*Dangers that `up` refuses/);
  });
});
