import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { OperatorError } from "../../domain/problem";
import type { OpenStackArgs } from "../../automation/logStack";
import { consoleProgress, print } from "../../cli/console";
import { cacheDir, testsCacheDir } from "../../local/cache";
import { leftovers, removeCluster } from "../../local/cluster/cluster";
import { nodeAt } from "../../local/cluster/node";
import { otherOwner, own } from "../../local/owner";
import { hasLocalStack, removeLocalStack } from "../../local/localStack";
import { startPlatform, type Extra } from "../../local/platform";
import type { LocalStackName, LocalTopology } from "../../local/stacks";
import { Platform } from "./platform";

export interface TestPlatformArgs {
  /** Stack to test. Default: that of a kept platform, else dev. */
  stack?: LocalStackName;
  /** Topology of Loki, on stack prod. Default: the stack's own. */
  topology?: LocalTopology;
  /** Folder of upstream charts to use instead of the doubles. */
  charts?: string;
  /** Keep the cluster for the next run, and use the one that an earlier run kept. */
  keep?: boolean;
  /** Programs that the cluster gets besides the platform's own. Default: none. */
  extras?: readonly Extra[];
}

/** Everything that these tests keep on this machine, except the parts, which they share with `npm start`. */
const dir = testsCacheDir();
/** The node of the tests' own cluster. Its files and processes are on this machine. */
export const testNode = nodeAt(join(dir, "cluster"));
/** The process that runs these tests. */
const owner = join(cacheDir(), "e2e.owner");
/** Derived from the node, so that `npm start` and runs with other caches can work at the same time. */
const tunnelPort = 39100 + parseInt(testNode.id.slice(-2), 16);
/** Tests may destroy what they made, even if a stack protects it. */
const disposable = { "logharbor:protectData": "false", "logharbor:allow": JSON.stringify(["data-unprotected"]) };

/**
 * Runs `work` on the tests' own local cluster, and leaves the cluster of `npm start` alone. Without --keep it begins
 * with a cluster that holds nothing of the platform: a new one, or one that an earlier run emptied and kept.
 */
export async function withTestPlatform<T>(
  { stack: name, topology, charts, keep = false, extras }: TestPlatformArgs,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const other = otherOwner(owner);
  if (other !== undefined)
    throw new OperatorError(
      `Another test run is at work: process ${other}.`,
      "wait until it is done: a second run would remove its cluster",
    );
  own(owner);
  if (!keep && hasLocalStack(dir)) await clean();
  try {
    print("local cluster of the tests");
    const { stack, origins, shellImage } = await startPlatform({
      report: consoleProgress(),
      stack: name,
      topology,
      charts,
      dir,
      extras,
    });
    Object.entries(origins).forEach(([part, origin]) => print(`  ${part}: ${origin}`));
    const stored = storedConfig(stack);
    const config = {
      ...stored,
      "logharbor:minio": JSON.stringify({ ...(JSON.parse(stored["logharbor:minio"] ?? "{}") as object), tunnelPort }),
      ...(stack.name === "prod" ? disposable : {}),
    };
    const platform = await Platform.open({ ...stack, config, print }, shellImage, dirname(dir));
    const result = await work(platform);
    if (keep && (await platform.isEmpty())) removeLocalStack(dir);
    return result;
  } finally {
    if (keep)
      print(
        `cluster kept (--keep): ${testNode.kubeconfig}${hasLocalStack(dir) ? "" : ", with nothing of the platform on it"}`,
      );
    else await clean();
  }
}

/** The local stack's config as the engine gets it, so that a test's overrides merge into its groups. */
function storedConfig({ name, workDir = "" }: OpenStackArgs): Record<string, string> {
  const { config } = parse(readFileSync(join(workDir, `Pulumi.${name}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    // Not what `rotate` writes: that stays in the file alone, and each operation reads it there.
    Object.entries(config)
      .filter(([key]) => key !== "logharbor:rotation")
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Removes the tests' cluster and state, and checks that nothing is left. */
async function clean(): Promise<void> {
  if ((await leftovers(testNode)).length > 0) await removeCluster(consoleProgress(), testNode);
  rmSync(dirname(dir), { recursive: true, force: true });
  const left = await leftovers(testNode);
  if (left.length > 0) throw new Error(`The tests' cluster was not removed completely: ${left.join(", ")}`);
}
