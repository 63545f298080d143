import { RunError } from "@pulumi/pulumi";

/** Something that is wrong, and what to do about it. Every check, gate and error of the project speaks in this form. */
export interface Problem {
  /** What is wrong. */
  problem: string;
  /** What to do; several where any one of them will do. Shell commands where there are some. */
  remedy: string | readonly string[];
}

/** A problem of one setting. */
export interface SettingProblem extends Problem {
  /** Path of the setting without the namespace, such as `loki.limits.ingestionRateMb`. */
  key: string;
  /** What is wrong, continuing "<key> …". */
  problem: string;
  remedy: string;
}

/** A problem as lines: what is wrong, then an arrow for each remedy. @param bullet stands before what is wrong */
export function problemLines({ problem, remedy }: Problem, bullet = ""): string[] {
  return [`${bullet}${problem}`, ...[remedy].flat().map((line) => `  -> ${line}`)];
}

/**
 * A problem that an operator can solve. `message` holds the whole story, made for people: what is wrong, then what to
 * do. Commands print it without a stack trace, and so does the engine, since it is a RunError.
 */
export class OperatorError extends RunError {
  constructor(problem: string, remedy: Problem["remedy"], options?: ErrorOptions) {
    super(problemLines({ problem, remedy }).join("\n"), options);
    this.name = "OperatorError";
  }
}

/** The text of anything that was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The `code` that Node's and the API client's errors carry: "ECONNREFUSED", 403, …; also of an error that wraps
 * another.
 */
export function codeOf(error: unknown): string | number | undefined {
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string" || typeof code === "number") {
    return code;
  }
  return codeOf(cause ?? errors?.[0]);
}
