import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { OperatorError } from "../domain/problem";
import type { StackEvent } from "../automation/events";
import type { LogStack, OpenStackArgs } from "../automation/logStack";
import { projectDir } from "../automation/project";
import type { StackInForce } from "../automation/stackInForce";
import { answer, interrupted, print } from "./console";

/** How every command names its stack. */
export interface StackChoice {
  stack?: string;
  context?: string;
}

export function withStackChoice(command: Command): Command {
  return command
    .option(
      "-s, --stack <name>",
      "stack to work on, in your Pulumi backend (default: the local platform of `npm start`)",
    )
    .option(
      "-c, --context <name>",
      "context of your kubeconfig, for this run only (default: the stack's kubernetes:context)",
    );
}

/** How the chosen stack is opened. */
interface OpenChosen {
  /** Whether to make it if its settings file exists. Default: false. */
  create?: boolean;
  /** Whether standard output gets each event as JSON, in place of lines for people. Default: false. */
  json?: boolean;
}

/** Opens the chosen stack for operations. */
export async function openChosen(choice: StackChoice, { create, json = false }: OpenChosen = {}): Promise<LogStack> {
  const chosen = await argsOf(choice);
  const { openStack } = await import("../automation/openStack.js");
  const audience = json ? { onEvent: (event: StackEvent) => answer(JSON.stringify(event)) } : { print };
  return openStack({ ...chosen, ...audience, signal: interrupted }, { create });
}

/** Settings and cluster of the chosen stack, for a command that only reads. It is there much sooner. */
export async function readChosen(choice: StackChoice): Promise<StackInForce> {
  const chosen = await argsOf(choice);
  const { stackInForce } = await import("../automation/stackInForce.js");
  return stackInForce(chosen);
}

async function argsOf({ stack, context }: StackChoice): Promise<OpenStackArgs> {
  if (stack === undefined) {
    if (context !== undefined)
      throw new OperatorError(
        "--context needs a stack of yours, and none was named.",
        "name it, for example --stack dev",
      );
    const { localStack } = await import("../local/localStack.js");
    return localStack();
  }
  requireSettings(stack);
  return { name: stack, config: context === undefined ? undefined : { "kubernetes:context": context } };
}

/** Refuses a stack without a settings file: a mistyped name would make a new stack. */
export function requireSettings(stack: string): void {
  const name = stack.split("/").at(-1) ?? stack;
  if (existsSync(join(projectDir, `Pulumi.${name}.yaml`))) return;
  throw new OperatorError(
    `Stack "${stack}" has no settings file Pulumi.${name}.yaml. Stacks with a file: ${stacksWithSettings().join(", ")}.`,
    [`check the name, or write the file; it needs at least the profile:  config: { logharbor:profile: dev }`],
  );
}

/** The stacks that have a settings file in this checkout. */
export function stacksWithSettings(): string[] {
  return readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}
