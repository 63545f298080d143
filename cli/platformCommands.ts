import { Option, type Command } from "commander";
import { localStacks } from "../local/stacks";
import type { StartOptions } from "./start";
import type { StopOptions } from "./stop";

/** Adds start and stop, the commands for the platform on this machine. */
export function addPlatform(program: Command): void {
  program
    .command("start")
    .description(
      "run the whole platform on this machine: a cluster, a stack, a demo workload, and queries that find its lines",
    )
    .addOption(
      new Option("-s, --stack <name>", "stack to run (default: that of the last start, else dev)").choices(localStacks),
    )
    .option("--charts <dir>", "folder of upstream charts to use instead of the test doubles")
    .action(async (options: StartOptions) => (await import("./start.js")).start(options));

  program
    .command("stop")
    .description("remove the local cluster with everything in it")
    .option("--purge", "also remove what was built and downloaded")
    .action(async (options: StopOptions) => (await import("./stop.js")).stop(options));
}
