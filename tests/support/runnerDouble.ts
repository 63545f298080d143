import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectDir } from "../../automation/project";

/** A step of a job or of a composite action. */
export interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, string | number | boolean>;
  "working-directory"?: string;
}

export interface Job {
  "runs-on": string;
  permissions?: Record<string, string>;
  if?: string;
  outputs?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Action {
  inputs: Record<string, { description?: string; required?: boolean; default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: Step[] };
}

/** What became of a step. Those of other repositories' actions are not run: `foreign`. */
export interface Ran {
  step: string;
  outcome: "success" | "failure" | "skipped" | "foreign";
  log: string;
}

type Contexts = Record<string, unknown>;

/** What a job, an action or a step ends with. */
interface Ended {
  passed: boolean;
  outputs: Record<string, string>;
}

export function workflowIn(file: string): Workflow {
  return parse(readFileSync(join(projectDir, file), "utf8")) as Workflow;
}

export function actionIn(folder: string): Action {
  return parse(readFileSync(join(projectDir, folder, "action.yml"), "utf8")) as Action;
}

/**
 * Stands in for the runner of GitHub Actions. It evaluates expressions with GitHub's own evaluator, runs the shell
 * steps with bash as the runner does, keeps their outputs and the summary, and goes into the actions of this
 * repository. It runs no action of others, and `npm ci` installs nothing. It does not prove what GitHub checks out,
 * which secrets and rights it gives to whom, or what the actions of others do.
 */
export class RunnerDouble {
  /** Every step, in order. */
  readonly ran: Ran[] = [];
  private readonly temp = mkdtempSync(join(tmpdir(), "runner-"));
  private readonly bin = join(this.temp, "bin");

  /**
   * @param workspace the checkout
   * @param contexts what expressions see: github, secrets, vars, matrix, needs
   * @param env environment of each step, besides that of this process
   */
  constructor(
    private readonly workspace: string,
    private readonly contexts: Contexts,
    private readonly env: Record<string, string>,
  ) {
    mkdirSync(this.bin);
    const npm = `#!/bin/bash\nPATH=\${PATH#*:}\nif [ "$1" = ci ]; then echo installs nothing; else exec npm "$@"; fi\n`;
    writeFileSync(join(this.bin, "npm"), npm, { mode: 0o755 });
    for (const file of ["summary", "output"]) writeFileSync(this.file(file), "");
  }

  remove(): void {
    rmSync(this.temp, { recursive: true, force: true });
  }

  /** A file that the runner keeps. */
  file(name: string): string {
    return join(this.temp, name);
  }

  get summary(): string {
    return readFileSync(this.file("summary"), "utf8");
  }

  outcomes(): Record<string, Ran["outcome"]> {
    return Object.fromEntries(this.ran.map(({ step, outcome }) => [step, outcome]));
  }

  /** Runs the steps of a job. @returns whether it passes, and its outputs */
  async job({ steps, outputs = {} }: Job): Promise<Ended> {
    return this.all(steps, outputs, this.contexts);
  }

  private async all(steps: readonly Step[], outputs: Record<string, string>, contexts: Contexts): Promise<Ended> {
    const done: Record<string, { outputs: Record<string, string> }> = {};
    const seen = { env: { ...process.env, ...this.env }, runner: { temp: this.temp }, ...contexts, steps: done };
    let passed = true;
    for (const step of steps) {
      const state = { ...seen, passed };
      const wanted = /^\s*(\$\{\{)?\s*(.*?)\s*(\}\})?\s*$/s.exec(step.if ?? "success()")![2]!;
      const guarded = /\b(always|cancelled|success|failure)\(/.test(wanted) ? wanted : `success() && (${wanted})`;
      if ((await evaluated(guarded, state)) !== "true") {
        this.note(step, "skipped");
        continue;
      }
      const result = await this.step(step, state);
      if (step.id !== undefined) done[step.id] = { outputs: result.outputs };
      passed = passed && result.passed;
    }
    return { passed, outputs: await filled(outputs, { ...seen, passed }) };
  }

  private async step(step: Step, contexts: Contexts): Promise<Ended> {
    if (step.uses?.startsWith("./") === true) {
      const { inputs, outputs, runs } = actionIn(step.uses);
      const given = await filled(step.with ?? {}, contexts);
      for (const [name, { required }] of Object.entries(inputs))
        if (required === true && given[name] === undefined) throw new Error(`${step.uses} needs ${name}`);
      const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? ""] as const);
      const known = { ...(await filled(Object.fromEntries(defaults), contexts)), ...given };
      const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
      // An action sees no secret but those that its inputs have.
      return this.all(runs.steps, values, { ...contexts, secrets: undefined, inputs: known });
    }
    if (step.run === undefined) {
      this.note(step, "foreign");
      return { passed: true, outputs: {} };
    }
    const script = this.file("script.sh");
    writeFileSync(script, await text(step.run, contexts));
    writeFileSync(this.file("output"), "");
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd: join(this.workspace, await text(step["working-directory"] ?? ".", contexts)),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        RUNNER_TEMP: this.temp,
        GITHUB_OUTPUT: this.file("output"),
        GITHUB_STEP_SUMMARY: this.file("summary"),
        ...this.env,
        PATH: `${this.bin}:${this.env.PATH ?? process.env.PATH}`,
        ...(await filled(step.env ?? {}, contexts)),
      },
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
    const status = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    this.note(step, status === 0 ? "success" : "failure", log);
    const lines = existsSync(this.file("output")) ? readFileSync(this.file("output"), "utf8").trim().split("\n") : [];
    const pairs = lines.filter((line) => line.includes("=")).map((line) => /^([^=]+)=(.*)$/.exec(line)!.slice(1));
    return { passed: status === 0, outputs: Object.fromEntries(pairs) as Record<string, string> };
  }

  private note(step: Step, outcome: Ran["outcome"], log = ""): void {
    this.ran.push({ step: step.name ?? step.uses ?? step.run ?? "", outcome, log });
  }
}

async function filled(values: Record<string, unknown>, contexts: Contexts): Promise<Record<string, string>> {
  const pairs = Object.entries(values).map(
    async ([name, value]) => [name, await text(String(value), contexts)] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

/** A text with each `${{ }}` in it evaluated. */
async function text(template: string, contexts: Contexts): Promise<string> {
  const parts = template.split(/\$\{\{(.*?)\}\}/s);
  const done = parts.map(async (part, index) => (index % 2 === 0 ? part : evaluated(part, contexts)));
  return (await Promise.all(done)).join("");
}

/** An expression's value. */
async function evaluated(expression: string, contexts: Contexts): Promise<string> {
  // It is an ES module, which only an import of this kind loads.
  const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
  const passed = contexts.passed !== false;
  const values = { always: true, cancelled: false, success: passed, failure: !passed };
  const functions = Object.entries(values).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<typeof data.Dictionary>;
  const byName = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(parsed, known, byName).evaluate().coerceString();
}
