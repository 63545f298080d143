import { LocalWorkspace, StackNotFoundError } from "@pulumi/pulumi/automation";
import { OperatorError, textOf } from "../domain/problem";
import { unlessAborted } from "./cancellation";
import { engineFailure, orCancelled } from "./engineError";
import type { LogStack, OpenStackArgs } from "./logStack";
import { OpenedStack } from "./operations";
import { defaultWorkDir, projectName, projectProgram, type Running } from "./project";

/**
 * Opens a stack. With `create`, makes it if its settings file exists and the backend does not hold it yet.
 * @throws OperatorError if the stack does not exist, or the backend can't be used.
 */
export async function openStack(args: OpenStackArgs, { create = false } = {}): Promise<LogStack> {
  const workDir = args.workDir ?? defaultWorkDir();
  const running: Running = { tunnels: [] };
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
    const open = async () =>
      create ? LocalWorkspace.createOrSelectStack(inline, options) : LocalWorkspace.selectStack(inline, options);
    const stack = await unlessAborted(open, args.signal);
    return new OpenedStack(stack, args, running);
  } catch (error) {
    if (error instanceof StackNotFoundError) {
      throw new OperatorError(
        `This backend has no stack "${args.name}".`,
        [
          `create it: npm run up -- --stack ${args.name}`,
          "pulumi stack ls shows those that exist; pulumi login chooses the backend",
        ],
        { code: "no-stack" },
      );
    }
    if (args.signal?.aborted === true) throw orCancelled("Opening the stack", error);
    throw error instanceof OperatorError
      ? error
      : engineFailure({ operation: "Opening the stack", text: textOf(error) });
  }
}
