import type { Command } from "commander";
import { start } from "./start";
import { stop } from "./stop";

/** Adds start and stop, which look after the platform on this machine. */
export function addPlatform(program: Command): void {
  program
    .command("start")
    .description("run the whole platform on this machine: a cluster, the dev stack, a demo workload, and queries that find its lines")
    .option("--charts <dir>", "folder of upstream charts that are preferred to the doubles")
    .action(start);

  program
    .command("stop")
    .description("remove the local cluster with everything in it")
    .option("--purge", "remove also what was built and downloaded")
    .action(stop);
}
