/** Something that is wrong, and what to do about it. Every check, gate and error of the project has this form. */
export interface Problem {
  /** What is wrong. */
  problem: string;
  /** What to do. In a list, any one of the remedies is enough. Contains shell commands if some would help. */
  remedy: string | readonly string[];
}

/** A problem of one setting. */
export interface SettingProblem extends Problem {
  /** Path of the setting without the namespace, such as `loki.limits.ingestionRateMb`. */
  key: string;
  /** What is wrong. The text continues a sentence that begins with the key. */
  problem: string;
  /** What to do. */
  remedy: string;
}

/**
 * A problem as lines: what is wrong, then one line with an arrow for each remedy. `bullet` goes before the first line.
 */
export function problemLines({ problem, remedy }: Problem, bullet = ""): string[] {
  return [`${bullet}${problem}`, ...[remedy].flat().map((line) => `  -> ${line}`)];
}

/** What an {@link OperatorError} is about, for programs that act on it. */
export const errorCodes = [
  /** Pulumi's CLI, the login to its backend, or the passphrase is missing. */
  "backend",
  /** Another operation works on the stack. */
  "busy",
  /** The operation was cancelled. The same operation continues from there. */
  "cancelled",
  /** The cluster cannot be reached or used. */
  "cluster",
  /** Objects of others are in the stack's way. Nothing was touched. */
  "collision",
  /** The stack's settings cannot be used. Nothing was touched. */
  "config",
  /** The change would lose logs or fail halfway. Nothing was touched. */
  "danger",
  /** A step failed in the engine. */
  "engine",
  /** A destroy would delete objects of others. Nothing was touched. */
  "foreign-objects",
  /** The backend has no such stack. */
  "no-stack",
  /** Anything else. */
  "other",
  /** The stack's state describes another cluster. Nothing was touched. */
  "other-cluster",
  /** A destroy would delete protected logs. Nothing was touched. */
  "protected",
  /** Loki refuses a query. */
  "query",
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** Options of an {@link OperatorError}. */
export interface OperatorErrorOptions extends ErrorOptions {
  /** What it is about. Default: `other`. */
  code?: ErrorCode;
}

/**
 * A problem that an operator can solve. `message` says what is wrong and then what to do, in words for people. Commands
 * print it without a stack trace, and so does the engine, which takes it for a RunError of its SDK by the mark. The
 * SDK's own class would load the SDK, which takes a command longer than its work.
 */
export class OperatorError extends Error implements Problem {
  protected readonly __pulumiRunError = true;
  /** What it is about, for programs. */
  readonly code: ErrorCode;
  readonly problem: string;
  /** Any one of these is enough. */
  readonly remedy: readonly string[];

  constructor(problem: string, remedy: Problem["remedy"], { code = "other", ...options }: OperatorErrorOptions = {}) {
    super(problemLines({ problem, remedy }).join("\n"), options);
    this.name = "OperatorError";
    this.code = code;
    this.problem = problem;
    this.remedy = [remedy].flat();
  }
}

/** The text of anything that was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The `code` of an error from Node or the API client, such as "ECONNREFUSED" or 403. If the error has none, the code of
 * its cause, or of its first inner error. Undefined if nothing has a code.
 */
export function codeOf(error: unknown): string | number | undefined {
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  // Ours says what it is about, not what failed.
  if (!(error instanceof OperatorError) && (typeof code === "string" || typeof code === "number")) {
    return code;
  }
  return codeOf(cause ?? errors?.[0]);
}

/**
 * The command that gives a setting a value, for a remedy.
 * @param path as `pulumi config set --path` takes it, without `logharbor:`
 */
export function setCommand(path: string, value: string): string {
  return `\`pulumi config set --path logharbor:${path} ${value}\``;
}
