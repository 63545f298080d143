import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { OperatorError } from "../domain/problem";
import { openStack, projectDir, type LogStack } from "../automation/operations";
import { localStack } from "../local/platform";
import { interrupted, print } from "./console";

/** How every command names the stack that it works on. */
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

/** Opens the chosen stack; `create` allows to make one whose settings file is there. */
export async function openChosen({ stack, context }: StackChoice, options?: { create?: boolean }): Promise<LogStack> {
  if (stack === undefined) {
    if (context !== undefined)
      throw new OperatorError(
        "--context says where a stack of yours lives, and none was named.",
        "name it: --stack dev",
      );
    return openStack({ ...(await localStack()), print, signal: interrupted });
  }
  requireSettings(stack);
  return openStack(
    {
      name: stack,
      config: context === undefined ? undefined : { "kubernetes:context": context },
      print,
      signal: interrupted,
    },
    options,
  );
}

/** A mistyped name would make a new stack. */
function requireSettings(stack: string): void {
  const name = stack.split("/").at(-1) ?? stack;
  if (existsSync(join(projectDir, `Pulumi.${name}.yaml`))) return;
  const known = readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  throw new OperatorError(
    `There is no Pulumi.${name}.yaml with the settings of stack "${stack}"; there are those of: ${known.join(", ")}.`,
    [`write one; the least that it must hold is the profile:  config: { logharbor:profile: dev }`],
  );
}
