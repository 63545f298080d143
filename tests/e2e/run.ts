/*
 * The end-to-end tests: their own local cluster, the real engine, the real parts. They leave the cluster of `npm start`
 * alone.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import Mocha from "mocha";
import { explain, print } from "../../cli/console";
import { formatDuration } from "../../domain/duration";
import { localStacks, localTopologies } from "../../local/stacks";
import { usePlatform } from "../support/platform";
import { testsLeftOut, useSize } from "../support/sizes";
import { withTestPlatform, type TestPlatformArgs } from "../support/testPlatform";

interface Options extends TestPlatformArgs {
  full?: boolean;
  grep?: string;
}

async function main({ full = false, grep, ...args }: Options): Promise<boolean> {
  const began = Date.now();
  const runner = new Mocha({ timeout: 600_000, slow: 4_000, grep, reporter: "spec", color: process.stdout.isTTY });
  const extras = full
    ? (["actionlint", "alertmanager", "cert-manager", "loki-canary", "prometheus", "promtool"] as const)
    : [];
  const { passes, failures, pending } = await withTestPlatform({ ...args, extras }, async (platform) => {
    print(`the cluster was ready after ${formatDuration(Date.now() - began)}`);
    useSize(full ? "full" : "core", grep !== undefined);
    usePlatform(platform);
    for (const file of readdirSync(__dirname)
      .filter((name) => name.endsWith(".test.ts"))
      .sort())
      runner.addFile(join(__dirname, file));
    await runner.loadFilesAsync();
    return run(runner);
  });
  if (testsLeftOut() > 0) print(`left out: ${testsLeftOut()} tests of the full run (npm run e2e -- --full)`);
  print(`end-to-end tests took ${formatDuration(Date.now() - began)}`);
  console.log(`e2e: ${passes} passed, ${failures} failed, ${pending} skipped`);
  return failures === 0 && passes > 0;
}

/** Runs the tests; Ctrl-C ends them after the current one. */
async function run(mocha: Mocha): Promise<Mocha.Stats> {
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
    // Mocha's report has every failure at its end; after an hour that is late.
    runner.on("fail", ({ title }, error: Error) => print(`failed: ${title}: ${error.message.slice(0, 500)}`));
    process.once("SIGINT", () => {
      print("stopping after this test; press again to end at once");
      runner.abort();
    });
  });
}

const program = new Command("e2e")
  .description("Run the end-to-end tests on their own local cluster: by default the core, at most 15 minutes.")
  .option("--full", "run all tests: most of an hour")
  .addOption(new Option("-s, --stack <name>", "stack to test").choices(localStacks))
  .addOption(
    new Option("--topology <name>", "topology of Loki instead of the stack's, with the sizes of prod").choices(
      localTopologies,
    ),
  )
  .option("--charts <dir>", "folder of upstream charts to use instead of the test doubles")
  .option("--grep <text>", "only tests whose title matches, core or full")
  .option("--keep", "keep the cluster for the next run, and use the one that an earlier run kept")
  .parse();

main(program.opts<Options>()).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    print(explain(error, false));
    process.exit(1);
  },
);
