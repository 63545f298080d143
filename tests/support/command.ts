import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { projectDir } from "../../automation/project";

/** The result of an `npm run` command. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command in the same way as `npm run`, on the platform under test.
 * @param interruptWhen called after each piece of output until it answers true, which sends the signal of Ctrl-C: once,
 * since a second one ends the command at once
 */
export async function command(
  cacheHome: string,
  args: readonly string[],
  interruptWhen?: (stdout: string) => boolean,
): Promise<Outcome> {
  const child = spawn("env", [`XDG_CACHE_HOME=${cacheHome}`, process.execPath, join("bin", "logharbor"), ...args], {
    cwd: projectDir,
  });
  let interrupted = false;
  return outcomeOf(child, (stdout) => {
    if (interrupted || interruptWhen?.(stdout) !== true) return;
    interrupted = true;
    child.kill("SIGINT");
  });
}

async function outcomeOf(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  onStdout?: (stdout: string) => void,
): Promise<Outcome> {
  const outcome: Outcome = { status: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    outcome.stdout += chunk.toString("utf8");
    onStdout?.(outcome.stdout);
  });
  child.stderr.on("data", (chunk: Buffer) => (outcome.stderr += chunk.toString("utf8")));
  outcome.status = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return outcome;
}

/**
 * Runs `npm run` from a shell, in a pipe whose reader ends after the first line. The status is that of `npm run`.
 */
export async function firstLineOf(cacheHome: string, args: readonly string[]): Promise<Outcome> {
  const script = 'npm run --silent "$@" | head -1; exit ${PIPESTATUS[0]}';
  const child = spawn("bash", ["-c", script, "bash", ...args], {
    cwd: projectDir,
    env: { ...process.env, XDG_CACHE_HOME: cacheHome },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcomeOf(child);
}
