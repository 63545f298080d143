import { LocalWorkspace, StackNotFoundError } from "@pulumi/pulumi/automation";
import { OperatorError, textOf } from "../domain/problem";
import { engineFailure } from "./engineError";
import type { LogStack, OpenStackArgs } from "./logStack";
import { OpenedStack } from "./operations";
import { defaultWorkDir, projectName, projectProgram, type Running } from "./project";

/**
 * Opens a stack. With `create`, makes it if its settings file exists and the backend does not hold it yet.
 * @throws OperatorError if the stack does not exist, or the backend can't be used.
 */
export async function openStack(args: OpenStackArgs, { create = false } = {}): Promise<LogStack> {
  const workDir = args.workDir ?? defaultWorkDir();
  const running: Running = {};
  const inline = {
    stackName: args.name,
    projectName: projectName(workDir),
    program: args.program ?? projectProgram(running),
  };
  const options = {
    workDir,
    pulumiCommand: args.pulumiCommand,
    envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", ...args.env },
  };
  try {
    const stack = create
      ? await LocalWorkspace.createOrSelectStack(inline, options)
      : await LocalWorkspace.selectStack(inline, options);
    return new OpenedStack(stack, args, running);
  } catch (error) {
    if (error instanceof StackNotFoundError) {
      throw new OperatorError(`This backend has no stack "${args.name}".`, [
        `create it: npm run up -- --stack ${args.name}`,
        "pulumi stack ls shows those that exist; pulumi login chooses the backend",
      ]);
    }
    throw error instanceof OperatorError
      ? error
      : engineFailure({ operation: "Opening the stack", text: textOf(error) });
  }
}
