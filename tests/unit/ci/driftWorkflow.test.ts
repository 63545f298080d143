import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectDir } from "../../../automation/project";
import { workflowIn } from "../../support/runnerDouble";

interface Issue {
  title: string;
  body: string;
  state: string;
}

describe("the nightly workflow for drift", () => {
  const workflow = workflowIn(".github/workflows/drift.yml");
  const { steps, permissions } = workflow.jobs.drift!;
  const script = (name: string) => steps.find((step) => step.name === name)!.run!;
  let dir: string;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "logharbor-drift-"));
    mkdirSync(join(dir, "bin"));
    cpSync(join(projectDir, "tests/support/ghDouble.js"), join(dir, "bin/gh"));
    writeFileSync(join(dir, "issues.json"), "[]");
  });
  after(() => rmSync(dir, { recursive: true }));

  /** Stands in for npm: `npm run drift` says a text and ends with a status. */
  const drifts = (status: number, text: string) => {
    writeFileSync(join(dir, "bin/npm"), `#!/bin/sh\necho '${text}'\nexit ${status}\n`);
    for (const name of ["npm", "gh"]) chmodSync(join(dir, "bin", name), 0o755);
  };
  const run = (name: string, env: Record<string, string> = {}) =>
    execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script(name)], {
      stdio: "pipe",
      env: {
        ...process.env,
        PATH: `${join(dir, "bin")}${delimiter}${process.env.PATH}`,
        RUNNER_TEMP: dir,
        GITHUB_OUTPUT: join(dir, "output"),
        GITHUB_STEP_SUMMARY: join(dir, "summary"),
        STACK: "prod",
        TITLE: "Drift of stack prod",
        RUN: "https://github.example/runs/1",
        GH_TOKEN: "token",
        GH_ISSUES: join(dir, "issues.json"),
        ...env,
      },
    });
  const night = () => {
    writeFileSync(join(dir, "output"), "");
    run("Look");
    const [, status = ""] = /^status=(\d+)$/m.exec(readFileSync(join(dir, "output"), "utf8")) ?? [];
    run("Open or close the issue", { STATUS: status });
    return JSON.parse(readFileSync(join(dir, "issues.json"), "utf8")) as Issue[];
  };

  it("opens one issue, keeps it up to date, closes it once nothing differs, and opens another later", () => {
    drifts(0, "nothing");
    assert.deepEqual(night(), []);
    drifts(2, "replicas");
    assert.deepEqual(
      night().map(({ title, body, state }) => [title, body, state]),
      [["Drift of stack prod", "replicas\n", "open"]],
    );
    drifts(2, "replicas and more");
    assert.deepEqual(
      night().map(({ body, state }) => [body, state]),
      [["replicas and more\n", "open"]],
    );
    drifts(0, "nothing");
    assert.deepEqual(
      night().map(({ body, state }) => [body, state]),
      [["replicas and more\n", "closed"]],
    );
    drifts(2, "again");
    assert.deepEqual(
      night().map(({ body, state }) => [body, state]),
      [
        ["replicas and more\n", "closed"],
        ["again\n", "open"],
      ],
    );
  });

  it("fails where it could not look, and leaves the issue as it is", () => {
    drifts(1, "MinIO is away");
    assert.throws(() => run("Look"));
  });

  it("has the rights that it needs, gives credentials to the steps that use them, and runs no expression", () => {
    assert.deepEqual([workflow.permissions, permissions], [{}, { contents: "read", issues: "write" }]);
    const holders = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes("secrets.")).map(({ name }) => name);
    assert.deepEqual(holders, ["Write the kubeconfig", "Look"]);
    for (const { run: text = "" } of steps) assert.ok(!text.includes("${{"), text);
  });
});
