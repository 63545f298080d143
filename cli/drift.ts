import { Option, type Command } from "commander";
import type { DriftReport } from "../drift/report";
import { explain, print } from "./console";
import { formats, wantsColours, type Format } from "./reportFormat";
import { openChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface DriftOptions extends StackChoice {
  format: Format;
  exitCode?: boolean;
}

/** Adds the command that shows how a cluster differs from what the last `up` made. */
export function addDrift(program: Command): void {
  withStackChoice(program.command("drift"))
    .description(
      "show what others changed of the stack's objects, field by field, by whom and when; nothing is touched",
    )
    .addOption(new Option("--format <format>", "how to write it").choices(formats).default("terminal"))
    .option("--exit-code", "tell by the exit status whether anything drifted")
    .addHelpText(
      "after",
      `
Exit status: 0 done, 1 it could not be done; with --exit-code also 2 something drifted, and 1 if nothing did but not all
could be looked at.

Examples:
  npm run drift -- --stack prod
  npm run drift -- --stack prod --exit-code --format markdown > issue.md`,
    )
    .action(async ({ format, exitCode, ...choice }: DriftOptions) => {
      try {
        const stack = await openChosen(choice);
        const { driftOf } = await import("../drift/gather/deployed.js");
        const report = await driftOf(stack);
        process.stdout.write(await written(report, format));
        if (exitCode === true) process.exitCode = driftStatus(report);
      } catch (error) {
        print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
        process.exitCode = 1;
      }
    });
}

/** 0 nothing drifted, 1 nothing that could be looked at, 2 something did. */
export function driftStatus({ objects, unseen }: Pick<DriftReport, "objects" | "unseen">): number {
  if (objects.length > 0) return 2;
  return unseen.length > 0 ? 1 : 0;
}

async function written(report: DriftReport, format: Format): Promise<string> {
  if (format === "json") return (await import("../diff/format/json.js")).jsonText(report);
  if (format === "markdown") return (await import("../drift/format/markdown.js")).markdownText(report);
  return (await import("../drift/format/terminal.js")).terminalText(report, { colours: wantsColours() });
}
