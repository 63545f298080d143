import { InvalidArgumentError, Option, type Command } from "commander";
import type { PodName } from "../doctor/gather/pod";
import { explain, print } from "./console";
import { parseDuration } from "../domain/duration";
import { duration } from "./options";
import { withStackChoice, type StackChoice } from "./stackChoice";

/** The command's options. */
export interface DoctorOptions extends StackChoice {
  pod?: Omit<PodName, "container">;
  container?: string;
  query?: string;
  since: number;
  bundle?: string;
  json?: boolean;
}

/** Adds the command that looks for what is wrong with a stack, with the logs of a pod, or with a query. */
export function addDoctor(program: Command): void {
  withStackChoice(program.command("doctor"))
    .description("find what is wrong with a running stack, the cause first; changes nothing")
    .addOption(
      new Option(
        "--pod <namespace/name>",
        "say why the logs of this pod are missing: the first hop that fails",
      ).argParser(podName),
    )
    .option("--container <name>", "with --pod: only this container")
    .option("--query <logql>", "say why this query is slow or empty")
    .addOption(
      new Option("--since <duration>", "with --query: how far it looks back")
        .argParser(duration)
        .default(parseDuration("1h"), "1h"),
    )
    .option("--bundle <file>", "also write findings, versions, states and recent logs, without secrets, to a .tar.gz")
    .option("--json", "print the answer as JSON")
    .addHelpText(
      "after",
      `
Exit status: 0 healthy, 1 something is wrong, 2 too little could be seen to tell.

Examples:
  npm run doctor -- --stack dev
  npm run doctor -- --pod default/web-0 --stack dev
  npm run doctor -- --query '{namespace="default"} |= "error"' --since 24h
  npm run doctor -- --bundle doctor.tar.gz`,
    )
    .action(async (options: DoctorOptions) => {
      try {
        const { diagnose } = await import("./diagnose.js");
        process.exitCode = await diagnose(options);
      } catch (error) {
        print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
        process.exitCode = 2;
      }
    });
}

/** Splits `namespace/name`. */
export function podName(text: string): Omit<PodName, "container"> {
  const [namespace, name, ...more] = text.split("/");
  const isName = (part: string | undefined) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(part ?? "");
  if (namespace === undefined || name === undefined || more.length > 0 || !isName(namespace) || !isName(name))
    throw new InvalidArgumentError("Write it as NAMESPACE/NAME, such as default/web-0.");
  return { namespace, name };
}
