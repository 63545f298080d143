import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { commandOf } from "../../automation/cli";
import type { OpenStackArgs } from "../../automation/logStack";
import { localSizes } from "../../local/platform";
import type { LocalStackName } from "../../local/stacks";
import program from "../../index";

/** What a second stack takes from the first one's config: the cluster, and where charts and images come from. */
const shared = [
  "kubernetes:kubeconfig",
  "kubernetes:context",
  "logharbor:charts",
  "logharbor:images",
  "logharbor:grafana",
];

/** Settings of a second stack, by top-level setting. */
export type NeighbourSettings = Record<string, unknown>;

/**
 * A second stack for the cluster of the first, in the same project and backend.
 * @param name its name
 * @param profile which defaults and local sizes it has
 */
export function neighbourOf(
  first: OpenStackArgs,
  name: string,
  profile: LocalStackName,
  settings: NeighbourSettings,
): OpenStackArgs {
  const { minio: small, ...sizes } = Object.fromEntries(
    Object.entries(localSizes[profile]).map(([key, value]) => [key.slice("logharbor:".length), value]),
  );
  // The same port for the tunnel, so that operations on both at once compete for it.
  const { tunnelPort } = JSON.parse(first.config?.["logharbor:minio"] ?? "{}") as { tunnelPort?: number };
  // Tests may destroy what they made, even if the profile protects it.
  const disposable = profile === "prod" ? { protectData: false, allow: ["data-unprotected"] } : {};
  const minio = {
    ...(small as object | undefined),
    ...(settings.minio as object | undefined),
    ...(tunnelPort === undefined ? {} : { tunnelPort }),
  };
  const all = { profile, ...disposable, ...sizes, ...settings, minio };
  const own = Object.entries(all).map(([key, value]) => [
    `logharbor:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const config = {
    ...Object.fromEntries(
      shared.flatMap((key) => (first.config?.[key] === undefined ? [] : [[key, first.config[key]]])),
    ),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
  // The engine stores the stack's salt there.
  writeFileSync(
    join(first.workDir ?? "", `Pulumi.${name}.yaml`),
    stringify({ config: { "logharbor:profile": profile } }),
  );
  return { ...first, name, config };
}

/**
 * The stack as the Pulumi CLI runs it: only the program, without the earlier checks of the Automation API.
 */
export async function plainly({ name, workDir, cli, env, config = {} }: OpenStackArgs): Promise<Stack> {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: "logharbor", program: async () => program() },
    { workDir, pulumiCommand: await commandOf(cli), envVars: env },
  );
  await stack.setAllConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])));
  return stack;
}
