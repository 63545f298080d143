import type { Progress } from "../local/report";
import { formatDuration } from "../domain/duration";

/** Writes facts and progress to standard error, so that standard output holds only the answer. */
export function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes the answer to standard output. */
export function answer(line: string): void {
  process.stdout.write(`${line}\n`);
}

const gone = new AbortController();
/** Aborts when nobody reads standard output any more, for example after `| head -1`. */
export const readerGone = gone.signal;

/** Waits until the reader of standard output has caught up, so that a slow one does not fill the memory. */
export async function readerReady(): Promise<void> {
  if (!process.stdout.writableNeedDrain || readerGone.aborted) return;
  await new Promise<void>((resolve) => {
    const ready = () => {
      process.stdout.off("drain", ready);
      readerGone.removeEventListener("abort", ready);
      resolve();
    };
    process.stdout.on("drain", ready);
    readerGone.addEventListener("abort", ready);
  });
}

/**
 * Runs work that only reads, until it ends, Ctrl-C or SIGTERM stops it, or nobody reads its answer any more. A stopped
 * command ends silently, with the status that a shell gives to the signal.
 */
export async function untilStopped(work: (stopped: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    process.exitCode = signal === "SIGINT" ? 130 : 143;
    stopping.abort();
  };
  // A second Ctrl-C ends the process at once.
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const stopped = AbortSignal.any([stopping.signal, readerGone]);
  try {
    await work(stopped);
  } catch (error) {
    // What was under way fails as it is stopped, and so does a child that Ctrl-C reached too.
    if (!stopped.aborted) throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/**
 * A reader may leave early. The command then stops writing but runs to its own end and status: half an `up` is worse
 * than an `up` that nobody watches.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (stream === process.stdout) gone.abort();
    });
  }
}

/** Progress of long work: one line when a step starts, one when it ends. */
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
 * JavaScript's own error classes mean a bug of ours, so they are printed with their stack. Every other error is meant
 * for people, and is printed without it.
 */
export function explain(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
    return `The disk is full: ${error.message}\n  -> free some disk space, then run the same command again: it continues from there`;
  }
  const isOurs = [TypeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
  return verbose || isOurs ? (error.stack ?? error.message) : error.message;
}

/**
 * Runs an operation of the engine. Ctrl-C reaches the engine directly, and the engine then finishes its running steps.
 * This process is the engine's program and tunnel, so it waits for that. SIGTERM reaches only this process, so here it
 * aborts the operation.
 */
export async function untilEngineEnds<T>(work: () => Promise<T>): Promise<T> {
  let asked: number | undefined;
  const wait = () => {
    if (asked === undefined)
      print("interrupted: the engine finishes its running steps (press Ctrl-C again to end at once)");
    else if (Date.now() - asked > 1_000) process.exit(130); // sooner, it is the same signal, passed on by a parent
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
/** Aborts when this process is asked to end while the engine works. */
export const interrupted = interruption.signal;
