import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** The folder of this project. */
export const projectDir = join(__dirname, "..");

/** The program of this project. Loaded only when it runs: it brings the whole SDK. */
export const projectProgram =
  (running: Running): PulumiFn =>
  async () => {
    const { default: program } = await import("../index.js");
    return program({
      changes: running.kind !== "refresh",
      onFailure: (error) => (running.failure = error),
    });
  };

/** Which operation currently runs, so that the program can tell. */
export interface Running {
  kind?: string;
  /** The last error with which its program failed. */
  failure?: unknown;
}
