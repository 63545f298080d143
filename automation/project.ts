import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Tunnel } from "../cluster/tunnel";
import type { Danger } from "../domain/danger";

/** The folder of this project: the checkout, or the compiled code of the published package. */
export const projectDir = join(__dirname, "..");

/** The folder of the stacks where none is named: the checkout; for the published package, the working directory. */
export function defaultWorkDir(): string {
  return existsSync(join(projectDir, "Pulumi.yaml")) ? projectDir : process.cwd();
}

/** The program of this project. Loaded only when it runs: it brings the whole SDK. */
export const projectProgram =
  (running: Running): PulumiFn =>
  async () => {
    const { default: program } = await import("../index.js");
    return program({
      changes: running.kind !== "refresh",
      onFailure: (error) => (running.failure = error),
      onAccepted: running.onAccepted,
      onTunnel: (tunnel) => running.tunnels.push(tunnel),
    });
  };

/** Which operation currently runs, so that the program can tell. */
export interface Running {
  kind?: string;
  /** The last error with which its program failed. */
  failure?: unknown;
  /** Called with each danger that the stack accepts. */
  onAccepted?: (danger: Danger) => void;
  /** The tunnels that its program has opened. */
  readonly tunnels: Tunnel[];
}
