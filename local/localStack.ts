import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { OpenStackArgs } from "../automation/logStack";
import { OperatorError } from "../domain/problem";
import { cacheDir } from "./cache";
import type { LocalStackName } from "./stacks";

/** How the local stack is driven. */
export interface Engine {
  /** The Pulumi CLI: its path, or its name on the PATH. */
  command: string;
  /** Folder of its plugins. */
  home: string;
  /** The stack that the cluster runs. */
  stack: LocalStackName;
}

/** Where the local stack is kept. */
export function filesOf(dir: string) {
  const state = join(dir, "state");
  const project = join(state, "project");
  return {
    state,
    project,
    stackOf: (name: string) => join(project, `Pulumi.${name}.yaml`),
    backend: join(state, "backend"),
    passphrase: join(state, "passphrase"),
    engine: join(state, "engine.json"),
  };
}

/**
 * The stack of the local platform. It has its own settings, state, passphrase and engine, all below `dir`.
 * @throws OperatorError if there is no local platform.
 */
export function localStack(dir = cacheDir()): OpenStackArgs {
  const files = filesOf(dir);
  if (!existsSync(files.engine)) {
    throw new OperatorError("No local platform exists.", [
      "start one: npm start",
      "or name your own stack, for example --stack dev",
    ]);
  }
  const { command, home, stack } = JSON.parse(readFileSync(files.engine, "utf8")) as Engine;
  return {
    name: stack,
    workDir: files.project,
    ...(command === "pulumi" ? {} : { cli: command }),
    env: {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${files.backend}`,
      PULUMI_CONFIG_PASSPHRASE: readFileSync(files.passphrase, "utf8"),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
}

/** Whether a local stack exists. */
export function hasLocalStack(dir = cacheDir()): boolean {
  return existsSync(filesOf(dir).state);
}

/** Forgets the local stack, once its cluster is gone or holds nothing of it. */
export function removeLocalStack(dir = cacheDir()): void {
  rmSync(filesOf(dir).state, { recursive: true, force: true });
}
