import { LocalWorkspace, StackNotFoundError } from "@pulumi/pulumi/automation";
import { OperatorError, textOf } from "../domain/problem";
import { unlessAborted } from "./cancellation";
import { commandOf } from "./cli";
import { engineFailure, noStack, orCancelled } from "./engineError";
import type { LogStack, OpenStackArgs } from "./logStack";
import { OpenedStack } from "./operations";
import { projectName } from "./owner";
import { defaultWorkDir, projectProgram, type Running } from "./project";

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
  try {
    const options = {
      workDir,
      pulumiCommand: await commandOf(args.cli),
      envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", ...args.env },
    };
    const open = async () =>
      create ? LocalWorkspace.createOrSelectStack(inline, options) : LocalWorkspace.selectStack(inline, options);
    const stack = await unlessAborted(open, args.signal);
    return new OpenedStack(stack, args, running);
  } catch (error) {
    if (error instanceof StackNotFoundError) throw noStack(args.name);
    if (args.signal?.aborted === true) throw orCancelled("Opening the stack", error);
    throw error instanceof OperatorError
      ? error
      : engineFailure({ operation: "Opening the stack", text: textOf(error) });
  }
}
