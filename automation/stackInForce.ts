import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubeConfig } from "@kubernetes/client-node";
import { loadKubeConfig } from "../cluster/kubeconfig";
import type { Settings } from "../config/settings";
import { clusterIn, settingsIn, type StackConfig } from "../config/stackConfig";
import { textOf } from "../domain/problem";
import type { Owner } from "../render/ownership";
import { engineFailure, isNoStack, noStack } from "./engineError";
import type { OpenStackArgs } from "./logStack";
import { ownerOf } from "./owner";
import { defaultWorkDir } from "./project";

/** What a command that only reads has to know of a stack. */
export interface StackInForce {
  /** How the stack's objects are marked. */
  owner: Owner;
  settings: Settings;
  /** The cluster that the stack's config names. */
  kubeConfig: KubeConfig;
}

/**
 * Reads a stack's config by one call of the Pulumi CLI. `openStack` could tell the same, but it needs the SDK and three
 * calls, which take longer than most queries.
 * @throws OperatorError if the stack does not exist, or the backend can't be used.
 */
export async function stackInForce({
  name,
  workDir = defaultWorkDir(),
  cli = "pulumi",
  env,
  config,
}: Pick<OpenStackArgs, "name" | "workDir" | "cli" | "env" | "config">): Promise<StackInForce> {
  const values = { ...(await storedConfig(name, { workDir, cli, env })), ...config };
  return {
    owner: ownerOf(workDir, name),
    settings: settingsIn(values),
    kubeConfig: loadKubeConfig(clusterIn(values)),
  };
}

async function storedConfig(
  name: string,
  { workDir, cli, env }: { workDir: string; cli: string; env: OpenStackArgs["env"] },
): Promise<StackConfig> {
  try {
    const { stdout } = await promisify(execFile)(
      cli,
      ["config", "--show-secrets", "--json", "--stack", name, "--non-interactive"],
      { cwd: workDir, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...env }, maxBuffer: 64 << 20 },
    );
    const stored = JSON.parse(stdout) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(stored).map(([key, { value }]) => [key, value]));
  } catch (error) {
    const text = textOf(error);
    throw isNoStack(text) ? noStack(name) : engineFailure({ operation: "Reading the stack's config", text });
  }
}
