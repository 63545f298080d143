import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { OperatorError } from "../domain/problem";
import type { Owner } from "../render/ownership";

/**
 * The name in a folder's `Pulumi.yaml`.
 * @throws OperatorError if there is no such file
 */
export function projectName(workDir: string): string {
  if (!existsSync(join(workDir, "Pulumi.yaml")))
    throw new OperatorError(`${workDir} has no Pulumi.yaml, so it is no folder of stacks.`, [
      "name the folder of your stacks: workDir",
      "or write the file there; it needs two lines:  name: NAME  and  runtime: nodejs",
    ]);
  return (parse(readFileSync(join(workDir, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/** How the objects of a stack are marked. */
export function ownerOf(workDir: string, stack: string): Owner {
  return { project: projectName(workDir), stack: basename(stack) };
}
