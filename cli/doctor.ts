import type { Command } from "commander";
import { gather } from "../doctor/gather/gather";
import { judge } from "../doctor/judge";
import { exitStatus, reportOf } from "../doctor/report";
import { answer, explain, print } from "./console";
import { openChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface DoctorOptions extends StackChoice {
  json?: boolean;
}

/** Adds the command that looks for what is wrong with a stack. */
export function addDoctor(program: Command): void {
  withStackChoice(program.command("doctor"))
    .description("find what is wrong with a running stack, the cause first; changes nothing")
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      `
Exit status: 0 healthy, 1 something is wrong, 2 too little could be seen to tell.
`,
    )
    .action(async (options: DoctorOptions) => {
      try {
        process.exitCode = await diagnose(options);
      } catch (error) {
        print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
        process.exitCode = 2;
      }
    });
}

async function diagnose({ json, ...choice }: DoctorOptions): Promise<number> {
  const began = Date.now();
  const stack = await openChosen(choice);
  const target = { kubeConfig: await stack.kubeConfig(), settings: await stack.settings(), owner: stack.owner };
  const facts = await gather(target);
  const diagnosis = { findings: judge(facts), unseen: facts.unseen, tookMs: Date.now() - began };
  answer(json === true ? JSON.stringify(diagnosis, undefined, 2) : reportOf(diagnosis));
  return exitStatus(diagnosis);
}
