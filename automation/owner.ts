import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { Owner } from "../render/ownership";

/** The name in a folder's `Pulumi.yaml`. */
export function projectName(workDir: string): string {
  return (parse(readFileSync(join(workDir, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/** How the objects of a stack are marked. */
export function ownerOf(workDir: string, stack: string): Owner {
  return { project: projectName(workDir), stack: basename(stack) };
}
