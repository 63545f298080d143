import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildArguments, type Program } from "./programs";

/**
 * Hash of everything that decides the compiled result: module versions and their hashes, our own sources, the
 * compiler's arguments.
 */
export function stampOf(program: Program, modulesDir: string): string {
  const hash = createHash("sha256").update(JSON.stringify(buildArguments(program, program.package)));
  if (program.keeps !== undefined) hash.update(program.keeps);
  const dir = path.join(modulesDir, program.module);
  for (const source of ["go.mod", "go.sum", ...program.sources]) {
    for (const file of filesOf(path.join(dir, source))) {
      hash.update(path.relative(dir, file)).update("\0").update(fs.readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

/** A file itself, or all files below a folder, always in the same order. */
function filesOf(root: string): string[] {
  if (!fs.statSync(root).isDirectory()) return [root];
  return fs
    .readdirSync(root)
    .sort()
    .flatMap((name) => filesOf(path.join(root, name)));
}
