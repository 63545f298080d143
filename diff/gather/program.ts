import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { OperatorError } from "../../domain/problem";
import type { ProgramAnswer, ProgramRun } from "./programRun";
import type { Recorded } from "./recorder";

/**
 * The resources that a checkout's program makes of a config. The program runs in a process of its own, without an
 * engine, a provider or a cluster.
 * @param side names the checkout in an error
 * @throws OperatorError with the program's own words, for example each fault of the config
 */
export async function resourcesOfProgram(run: ProgramRun, side: string): Promise<Recorded[]> {
  const child = fork(join(__dirname, "runProgram.ts"), {
    cwd: run.cwd,
    execArgv: ["--require", require.resolve("tsx/cjs")],
    // Warnings of the program belong to `up`; on standard output they would be in the middle of the answer.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
  });
  const [printed, complaint] = [text(child.stdout!), text(child.stderr!)];
  let answer: ProgramAnswer | undefined;
  child.on("message", (message) => (answer = message as ProgramAnswer));
  child.send(run);
  await once(child, "close");
  await printed;
  if (answer === undefined) throw notRun(side, (await complaint).trim().split("\n").slice(-15).join("\n"));
  if ("resources" in answer) return answer.resources;
  if (answer.explained) throw new OperatorError(`${side}: ${answer.problem}`, []);
  throw notRun(side, answer.problem);
}

function notRun(side: string, why: string): OperatorError {
  return new OperatorError(`The program of ${side} does not run: ${why}`, [
    "an older revision may need other packages than this checkout has: name a newer one",
    "check the types of this one: npm test",
  ]);
}
