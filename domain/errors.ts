import { RunError } from "@pulumi/pulumi";

/**
 * A fault that an operator can mend. `message` holds the whole story, made for people: what is wrong, then what to do.
 * Commands print it without a stack trace, and so does the engine, since it is a RunError.
 */
export class OperatorError extends RunError {
  constructor(what: string, remedy: string | readonly string[], options?: ErrorOptions) {
    const remedies = typeof remedy === "string" ? [remedy] : remedy;
    super([what, ...remedies.map((line) => `  -> ${line}`)].join("\n"), options);
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
