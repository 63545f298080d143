import { Option, type Command } from "commander";
import { OperatorError } from "../domain/problem";
import type { Report } from "../diff/report";
import { isRefused } from "../diff/verdict";
import { explain, print } from "./console";
import { openChosen, requireSettings, withStackChoice, type StackChoice } from "./stackChoice";

const formats = ["terminal", "markdown", "json"] as const;

interface DiffOptions extends StackChoice {
  base?: string;
  format: (typeof formats)[number];
  charts?: string;
  exitCode?: boolean;
}

/** Adds the command that shows what a change does to every object of a stack. */
export function addDiff(program: Command): void {
  withStackChoice(program.command("diff"))
    .description("show what up would change in every object, field by field, without a secret; nothing is touched")
    .option("--base <revision>", "compare with this revision of the repository; needs no cluster and no credentials")
    .addOption(new Option("--format <format>", "how to write it").choices(formats).default("terminal"))
    .option("--charts <dir>", "folder of charts to use in place of their repositories")
    .option("--exit-code", "tell by the exit status whether there is a difference")
    .addHelpText(
      "after",
      `
Exit status: 0 done, 1 it could not be done; with --exit-code also 2 there are differences, 3 up would refuse them.

Examples:
  npm run diff -- --stack prod
  npm run diff -- --stack prod --base origin/main --format markdown > comment.md`,
    )
    .action(async (options: DiffOptions) => {
      try {
        const report = await reported(options);
        process.stdout.write(await written(report, options.format));
        if (options.exitCode === true) process.exitCode = statusOf(report);
      } catch (error) {
        print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
        process.exitCode = 1;
      }
    });
}

/** 0 no difference, 2 differences, 3 differences that `up` refuses. */
export function statusOf(report: Pick<Report, "dangers" | "objects" | "policies">): number {
  if (isRefused(report)) return 3;
  return report.objects.length > 0 ? 2 : 0;
}

async function reported({ base, charts, stack, context }: DiffOptions): Promise<Report> {
  if (base === undefined) {
    const opened = await openChosen({ stack, context }, { create: true });
    const { diffWithDeployed } = await import("../diff/gather/deployed.js");
    return diffWithDeployed(opened, { charts });
  }
  if (stack === undefined)
    throw new OperatorError(
      "--base needs a stack, whose settings both revisions have.",
      "name it, for example --stack prod",
    );
  requireSettings(stack);
  const { diffWithRevision } = await import("../diff/gather/revisions.js");
  return diffWithRevision({ stack, base, charts, engine: await foundEngine() });
}

async function written(report: Report, format: DiffOptions["format"]): Promise<string> {
  if (format === "json") return (await import("../diff/format/json.js")).jsonText(report);
  if (format === "markdown") return (await import("../diff/format/markdown.js")).markdownText(report);
  const colours = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  return (await import("../diff/format/terminal.js")).terminalText(report, { colours });
}

/** The Pulumi CLI on the PATH, else that of the local platform. */
export async function foundEngine() {
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const onPath = await PulumiCommand.get().catch(() => undefined);
  if (onPath !== undefined) return {};
  const { hasLocalStack, localStack } = await import("../local/localStack.js");
  if (!hasLocalStack()) return {};
  const { cli, env } = localStack();
  return { cli, env };
}
