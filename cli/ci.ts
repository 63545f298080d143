import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { projectDir } from "../automation/project";
import type { Place } from "../ci/place";
import type { Thread } from "../ci/thread";
import { OperatorError } from "../domain/problem";
import { answer, print, untilEngineEnds } from "./console";
import { foundEngine } from "./diff";
import { names, whole } from "./options";
import { openChosen, requireSettings, stacksWithSettings } from "./stackChoice";

/** Adds the commands that a pipeline runs for a pull request. */
export function addCi(program: Command): void {
  program
    .command("ci-stacks")
    .description("list the stacks that a change of the repository touches")
    .requiredOption("--base <revision>", "what the change is made to, such as origin/main")
    .addOption(new Option("--format <format>", "how to write them").choices(["text", "json"]).default("text"))
    .action(async ({ base, format }: { base: string; format: string }) => {
      const touched = await touchedSince(base);
      for (const { stack, because } of touched) print(`${stack}: ${because} changed`);
      if (touched.length === 0) print("the change touches no stack");
      const found = touched.map(({ stack }) => stack);
      if (format === "json") answer(JSON.stringify(found));
      else for (const stack of found) answer(stack);
    });

  program
    .command("ci-preview")
    .description("preview a stack, check it against the policies and compare every object; nothing is touched")
    .requiredOption("-s, --stack <name>", "stack to preview")
    .requiredOption("--out <dir>", "folder for comment.md, diff.json and diff.txt")
    .addOption(
      new Option("--against <side>", "compare with what is deployed, or with the revision --base without credentials")
        .choices(["deployed", "base"])
        .default("deployed"),
    )
    .option("--base <revision>", "what the change is made to, such as origin/main")
    .option("--charts <dir>", "folder of charts to use in place of their repositories")
    .addHelpText(
      "after",
      `
Exit status: 0 nothing stands against the change, 1 it could not be previewed, 3 dangers that allow does not name, or
violated policies. comment.md says which.`,
    )
    .action(preview);

  program
    .command("ci-comment")
    .description("keep one comment a stack on the pull request up to date, on GitHub or GitLab")
    .addOption(
      new Option("-s, --stack <name>", "stack that the text is about").conflicts("touched").argParser(stackName),
    )
    .option("--body <file>", "file with the text, in Markdown; - is standard input")
    .option(
      "--touched <stacks>",
      "instead: say in the comments on all other stacks that they are no longer touched",
      list,
    )
    .option("--pull-request <number>", "number of the pull request (default: that of the run)", whole)
    .addHelpText(
      "after",
      `
GitHub Actions and GitLab CI set what it needs, but for the token: GITHUB_TOKEN, or GITLAB_TOKEN.
Exit status: 0 the comment is up to date, 1 it is not, and nothing was posted.`,
    )
    .action(comment);
}

async function touchedSince(base: string) {
  const { changedFiles } = await import("../ci/changedFiles.js");
  const { touchedStacks } = await import("../ci/touched.js");
  const { stackFileConfig } = await import("../config/stackFile.js");
  const stacks = stacksWithSettings().map((name) => ({
    name,
    config: stackFileConfig(readFileSync(join(projectDir, `Pulumi.${name}.yaml`), "utf8")),
  }));
  return touchedStacks(await changedFiles(projectDir, base), stacks);
}

interface PreviewOptions {
  stack: string;
  out: string;
  against: "deployed" | "base";
  base?: string;
  charts?: string;
}

async function preview({ stack, out, against, base, charts }: PreviewOptions): Promise<void> {
  requireSettings(stack);
  const { previewDeployed, previewRevisions } = await import("../ci/preview.js");
  const { filesOf, outcomeFiles, statusOf } = await import("../ci/outcome.js");
  const outcome = await untilEngineEnds(async () => {
    if (against === "deployed")
      return previewDeployed(stack, async () => openChosen({ stack }, { create: true }), { charts });
    if (base === undefined)
      throw new OperatorError("--against base needs a revision.", "name it, for example --base origin/main");
    return previewRevisions({ stack, base, charts, engine: await foundEngine() });
  });
  mkdirSync(out, { recursive: true });
  for (const name of outcomeFiles) rmSync(join(out, name), { force: true });
  const files = filesOf(outcome);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(out, name), content);
  for (const failure of outcome.failures) print(failure);
  answer(files["diff.txt"] ?? "");
  print(`${Object.keys(files).join(", ")} are in ${resolve(out)}`);
  process.exitCode = statusOf(outcome);
}

interface CommentOptions {
  stack?: string;
  body?: string;
  touched?: string[];
  pullRequest?: number;
}

async function comment({ stack, body, touched, pullRequest }: CommentOptions): Promise<void> {
  const { commentOf, settledComment } = await import("../ci/comment.js");
  const { keepComment, settleComments } = await import("../ci/thread.js");
  const { placeIn } = await import("../ci/place.js");
  if (touched !== undefined) {
    const place = placeIn(process.env, pullRequest);
    const settled = await settleComments(await threadAt(place), touched, (one) =>
      settledComment({ ...place, stack: one }),
    );
    for (const { url } of settled) answer(`updated: ${url}`);
    return;
  }
  if (stack === undefined || body === undefined)
    throw new OperatorError("There is nothing to post.", "name what: --stack prod --body comment.md");
  const text = bodyIn(body);
  const place = placeIn(process.env, pullRequest);
  const thread = await threadAt(place);
  const { what, comment: kept } = await keepComment(thread, commentOf(text, { ...place, stack }, thread.limit));
  answer(`${what}: ${kept.url}`);
}

async function threadAt(place: Place): Promise<Thread> {
  return place.kind === "github"
    ? (await import("../ci/github.js")).githubThread(place)
    : (await import("../ci/gitlab.js")).gitlabThread(place);
}

/** The text in a file. @throws OperatorError if it holds none */
function bodyIn(file: string): string {
  if (file !== "-" && !existsSync(file))
    throw new OperatorError(`${file} does not exist, so nothing was posted.`, [
      "run npm run ci:preview first, with --out; if it failed before it wrote the file, its own message says why",
    ]);
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  if (text.trim() === "") throw new OperatorError(`${file} is empty, so nothing was posted.`, "check what writes it");
  return text;
}

/** The name of a stack, as Pulumi allows it; it stands in a comment that nobody sees. */
function stackName(text: string): string {
  if (/^[\w.-]+(\/[\w.-]+){0,2}$/.test(text)) return text;
  throw new InvalidArgumentError("It is no name of a stack.");
}

/** Names of stacks: a list in JSON, as ci-stacks writes it, or names with commas between them. */
function list(text: string): string[] {
  if (!text.startsWith("[")) return text.trim() === "" ? [] : names(text);
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every((name) => typeof name === "string")) return parsed;
  } catch {
    // It is said below.
  }
  throw new InvalidArgumentError('Write names as ci-stacks does: ["dev","prod"].');
}
