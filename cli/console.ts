import type { Progress } from "../local/report";
import { formatDuration } from "./duration";

/** Facts and progress go to standard error, so that standard output holds only what was asked for. */
export function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What was asked for. */
export function answer(line: string): void {
  process.stdout.write(`${line}\n`);
}

const gone = new AbortController();
/** Aborted when nobody reads standard output any more, as after `| head -1`. */
export const readerGone = gone.signal;

/**
 * A reader that ends early is no fault. What nobody reads is not written; the command still comes to its own end and
 * status, since half an `up` is worse than one that nobody watches.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (stream === process.stdout) gone.abort();
    });
  }
}

/** Progress of long work, a line for each beginning and each end. */
export function consoleProgress(): Progress {
  let began = Date.now();
  return {
    step: (text) => {
      began = Date.now();
      print(`  ${text} ...`);
    },
    done: (text) => print(`  ${text} (${formatDuration(Date.now() - began)})`),
    note: (text) => print(`  ${text}`),
  };
}

/**
 * A fault that is ours has a class of JavaScript's own; what is meant for people has not, and is printed without its
 * stack.
 */
export function explain(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
    return `The disk is full: ${error.message}\n  -> free some disk space, then run the same command again: it goes on from there`;
  }
  const isOurs = [TypeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
  return verbose || isOurs ? (error.stack ?? error.message) : error.message;
}

/**
 * Runs an operation of the engine. Ctrl-C reaches the engine by itself, which then ends its running steps: this
 * process, which is its program and its tunnel, waits for that. A polite request to end, which only this process gets,
 * aborts the operation.
 */
export async function untilEngineEnds<T>(work: () => Promise<T>): Promise<T> {
  let asked: number | undefined;
  const wait = () => {
    if (asked === undefined) print("interrupted: the engine ends what is running (once more ends it at once)");
    else if (Date.now() - asked > 1_000) process.exit(130); // sooner, it is the same one, passed on by a parent
    asked ??= Date.now();
  };
  const abort = () => interruption.abort();
  process.on("SIGINT", wait).on("SIGTERM", abort);
  try {
    return await work();
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", abort);
  }
}

const interruption = new AbortController();
/** Aborted when this process is asked to end while the engine works. */
export const interrupted = interruption.signal;
