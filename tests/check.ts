/*
 * `npm test`: the unit tests, types and lint, and the format, all at the same time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

/** A check: the command of a package, and what is printed before what it prints. */
interface Check {
  command: readonly [packageName: string, file: string, ...args: string[]];
  after?: Promise<unknown>;
}

/** Whether a check finds nothing wrong. */
async function passes({ command: [packageName, file, ...args], after }: Check): Promise<boolean> {
  const program = join(dirname(require.resolve(`${packageName}/package.json`)), file);
  const stdio = after === undefined ? "inherit" : "pipe";
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", stdio, "inherit"] });
  const ended = once(child, "exit") as Promise<[number | null]>;
  if (child.stdout !== null) {
    const words = await text(child.stdout);
    await after;
    process.stdout.write(words);
  }
  const [status] = await ended;
  return status === 0;
}

async function main(): Promise<boolean> {
  const tests = passes({ command: ["mocha", "bin/mocha.js", ...process.argv.slice(2)] });
  // Types too: see .oxlintrc.json.
  const lint = passes({ command: ["oxlint", "bin/oxlint"], after: tests });
  const form = passes({ command: ["prettier", "bin/prettier.cjs", "--check", "--cache", "."], after: lint });
  return (await Promise.all([tests, lint, form])).every((passed) => passed);
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
