import { Option, type Command } from "commander";
import { localStacks } from "../local/platform";
import { start } from "./start";
import { stop } from "./stop";

/** Adds start and stop, which look after the platform on this machine. */
export function addPlatform(program: Command): void {
  program
    .command("start")
    .description(
      "run the whole platform on this machine: a cluster, a stack, a demo workload, and queries that find its lines",
    )
    .addOption(new Option("-s, --stack <name>", "stack to run: that of the last start, else dev").choices(localStacks))
    .option("--charts <dir>", "folder of upstream charts that are preferred to the doubles")
    .action(start);

  program
    .command("stop")
    .description("remove the local cluster with everything in it")
    .option("--purge", "remove also what was built and downloaded")
    .action(stop);
}
