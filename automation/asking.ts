import { CommandError } from "@pulumi/pulumi/automation";
import { unlessAborted } from "./cancellation";
import { engineFailure } from "./engineError";

/** Asks the CLI, and explains a failure for people. */
export async function asking<T>(what: string, question: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await unlessAborted(question, signal);
  } catch (error) {
    throw error instanceof CommandError ? engineFailure({ operation: what, text: error.message }) : error;
  }
}
