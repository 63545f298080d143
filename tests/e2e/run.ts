/*
 * The end-to-end tests: a local cluster of their own, the real engine, the real parts. What `npm start` has running is left alone.
 */
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import Mocha from "mocha";
import { OperatorError } from "../../automation/errors";
import { consoleProgress, explain, print } from "../../cli/console";
import { formatDuration } from "../../cli/duration";
import { cacheDir, testsCacheDir } from "../../local/cache";
import { leftovers, removeCluster } from "../../local/cluster/cluster";
import { nodeAt } from "../../local/cluster/node";
import { otherOwner, own } from "../../local/owner";
import { startPlatform } from "../../local/platform";
import { Platform, usePlatform } from "./support/platform";

interface Options {
  charts?: string;
  grep?: string;
  keep?: boolean;
}

/** Everything of these tests on this machine, but for the parts, which they share with `npm start`. */
const dir = testsCacheDir();
const node = nodeAt(join(dir, "cluster"));
/** The process that runs these tests. */
const owner = join(cacheDir(), "e2e.owner");
/** Apart from the one of `npm start`, so that both can work at the same time. */
const tunnelPort = 39100;

async function main(options: Options): Promise<boolean> {
  const began = Date.now();
  const other = otherOwner(owner);
  if (other !== undefined) throw new OperatorError(`Another run of these tests is at work: process ${other}.`, "wait until it is done: a second one would remove its cluster");
  own(owner);
  if (options.keep !== true) await clean();
  const runner = new Mocha({ timeout: 600_000, slow: 60_000, grep: options.grep, reporter: "spec", color: process.stdout.isTTY });
  try {
    print("local cluster of the tests");
    const { stack, origins, shellImage } = await startPlatform({ report: consoleProgress(), charts: options.charts, dir });
    Object.entries(origins).forEach(([part, origin]) => print(`  ${part}: ${origin}`));
    const config = { ...stack.config, "logharbor:minio": JSON.stringify({ tunnelPort }) };
    usePlatform(await Platform.open({ ...stack, config, print }, shellImage, dirname(dir)));

    for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".test.ts")).sort()) runner.addFile(join(__dirname, file));
    await runner.loadFilesAsync();
    const { passes, failures, pending } = await run(runner);
    print(`end-to-end tests took ${formatDuration(Date.now() - began)}`);
    if (options.keep === true) print(`kept, as --keep says: ${node.kubeconfig}`);
    else await clean();
    console.log(`e2e: ${passes} passed, ${failures} failed, ${pending} skipped`);
    return failures === 0 && passes > 0;
  } catch (error) {
    if (options.keep !== true) await clean();
    throw error;
  }
}

/** Runs the tests; Ctrl-C ends them after the one that is running. */
async function run(mocha: Mocha): Promise<Mocha.Stats> {
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
    process.once("SIGINT", () => {
      print("stopping after this test; press again to end at once");
      runner.abort();
    });
  });
}

/** Removes the tests' cluster and state, and sees that nothing of them stays. */
async function clean(): Promise<void> {
  if ((await leftovers(node)).length > 0) await removeCluster(consoleProgress(), node);
  rmSync(dirname(dir), { recursive: true, force: true });
  const left = await leftovers(node);
  if (left.length > 0) throw new Error(`The tests' cluster did not go wholly: ${left.join(", ")}`);
}

const program = new Command("e2e")
  .description("Run the end-to-end tests on a local cluster of their own.")
  .option("--charts <dir>", "folder of upstream charts that are preferred to the test doubles")
  .option("--grep <text>", "only tests whose title matches")
  .option("--keep", "keep the cluster for the next run, and go on with the one that an earlier run kept")
  .parse();

main(program.opts<Options>()).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    print(explain(error, false));
    process.exit(1);
  },
);
