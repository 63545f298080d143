import { spawn } from "node:child_process";
import { type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Runs a program to its end and returns what it printed.
 * @throws Error with the command and its standard error, if it cannot be started or ends with a status other than 0.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { input?: Readable; cwd?: string } = {},
): Promise<string> {
  const child = spawn(command, args, { cwd: options.cwd, stdio: [options.input ? "pipe" : "ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  // A program that ends early closes its input. Its own message says why; the broken pipe does not.
  const fed = options.input && child.stdin ? pipeline(options.input, child.stdin).catch(() => undefined) : undefined;
  const [status] = await Promise.all([ended, fed]);
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with status ${status}: ${(said.err || said.out).trim()}`);
  }
  return said.out;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks `condition` until it returns undefined; until then its answer says what is missing.
 * @throws Error that names `what` and the last answer, after `seconds`.
 */
export async function until(
  what: string,
  seconds: number,
  condition: () => Promise<string | undefined> | string | undefined,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const missing = await condition();
    if (missing === undefined) return;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s (${missing})`);
    await sleep(100);
  }
}
