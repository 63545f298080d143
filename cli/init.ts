import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { hasMinio, type StoreChoice } from "../domain/objectStore";
import { OperatorError } from "../domain/problem";
import type { Settings } from "../config/settings";
import type { Proposal } from "../config/stackFile";
import { projectDir } from "../automation/project";
import { answer, print } from "./console";

interface InitOptions {
  stack: string;
  context?: string;
  dryRun?: boolean;
}

/** Adds the command that writes a stack's file from what the cluster is. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("look at a cluster, and write the stack file that fits it; values that are there stay")
    .requiredOption("-s, --stack <name>", "stack whose file Pulumi.<name>.yaml to write")
    .option(
      "-c, --context <name>",
      "context of your kubeconfig (default: the file's kubernetes:context, else the current)",
    )
    .option("--dry-run", "print the file, and write nothing")
    .addHelpText(
      "after",
      `
Examples:
  npm run init -- --stack staging --context my-cluster
  npm run init -- --stack prod --dry-run`,
    )
    .action(init);
}

async function init({ stack, context, dryRun = false }: InitOptions): Promise<void> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(stack))
    throw new OperatorError(
      `"${stack}" is not the name of a stack.`,
      "use letters, digits, hyphens, dots and underscores",
    );
  const { gatherFacts } = await import("../cluster/clusterFacts.js");
  const { gatherTraits } = await import("../cluster/traits.js");
  const { adviceFor } = await import("../cluster/proposals.js");
  const { readyNodes } = await import("../cluster/preflight.js");
  const { loadKubeConfig } = await import("../cluster/kubeconfig.js");
  const { defaultsFor } = await import("../config/defaults.js");
  const { stackFileConfig, withProposals } = await import("../config/stackFile.js");

  const path = join(projectDir, `Pulumi.${stack}.yaml`);
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const own = stackFileConfig(text);
  const named = own["kubernetes:context"];
  const kubeConfig = loadKubeConfig({ context: context ?? (typeof named === "string" ? named : undefined) });
  const facts = await gatherFacts(kubeConfig, { isOwn: () => false, makesNamespaces: true });
  const { proposals, hints } = adviceFor(facts, await gatherTraits(kubeConfig, readyNodes(facts)), {
    ...(defaultsFor("prod") as Settings),
    profile: own["logharbor:profile"],
    withoutMinio: !hasMinio({
      kind: "minio",
      moving: false,
      ...(own["logharbor:objectStore"] as Partial<StoreChoice>),
    }),
  });
  const cluster: Proposal = {
    path: ["kubernetes:context"],
    value: kubeConfig.getCurrentContext(),
    why: `the cluster at ${kubeConfig.getCurrentCluster()?.server}, Kubernetes ${facts.version}`,
  };
  const merged = withProposals(text, [cluster, ...proposals]);

  for (const { path: place, value, why } of merged.added) print(`  set   ${nameOf(place)}: ${shown(value)} (${why})`);
  for (const { path: place, value, own: mine, why } of merged.kept)
    print(`  keep  ${nameOf(place)}: ${shown(mine)}; the cluster suggests ${shown(value)} (${why})`);
  for (const hint of hints) print(`  note  ${hint}`);
  if (dryRun) answer(merged.text.trimEnd());
  else if (merged.added.length > 0) writeFileSync(path, merged.text);
  print(
    merged.added.length === 0
      ? `Pulumi.${stack}.yaml has all that the cluster asks for; nothing was written`
      : `Pulumi.${stack}.yaml ${dryRun ? "would be" : text === undefined ? "is" : "was"} ${text === undefined ? "new" : "changed"}`,
  );
  await check(stackFileConfig(merged.text));
  if (!dryRun) print(`next: npm run preflight -- --stack ${stack}`);
}

/** Refuses a file whose settings contradict each other, so that nobody meets that first in `up`. */
async function check(config: Record<string, unknown>): Promise<void> {
  const { settingsIn } = await import("../config/stackConfig.js");
  const texts = Object.entries(config).filter(([key]) => key.startsWith("logharbor:"));
  settingsIn(Object.fromEntries(texts.map(([key, value]) => [key, shown(value)])));
}

const nameOf = (path: Proposal["path"]) => path.join(".").replace(/^logharbor:/, "");
const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
