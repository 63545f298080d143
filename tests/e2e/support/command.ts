import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectDir } from "../../../automation/operations";

/** What a command of `npm run` did. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command of the command line as `npm run` does, on the platform under test.
 * @param interruptWhen after each piece of output: true sends what Ctrl-C sends
 */
export async function command(cacheHome: string, args: readonly string[], interruptWhen?: (stdout: string) => boolean): Promise<Outcome> {
  const child = spawn("env", [`XDG_CACHE_HOME=${cacheHome}`, process.execPath, "--import", "tsx", join("cli", "main.ts"), ...args], { cwd: projectDir });
  const outcome: Outcome = { status: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    outcome.stdout += chunk.toString("utf8");
    if (interruptWhen?.(outcome.stdout) === true) child.kill("SIGINT");
  });
  child.stderr.on("data", (chunk: Buffer) => (outcome.stderr += chunk.toString("utf8")));
  outcome.status = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return outcome;
}
