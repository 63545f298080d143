import { Command } from "commander";
import { addAlerts } from "./alerts";
import { addChartsCheck } from "./chartsCheck";
import { addCi } from "./ci";
import { addCompletion } from "./completion";
import { addDiff } from "./diff";
import { addDrift } from "./drift";
import { explain, outliveReaders, print } from "./console";
import { addDoctor } from "./doctor";
import { addExplore } from "./explore";
import { addInit } from "./init";
import { addLogs } from "./logs";
import { addOperations } from "./operationCommands";
import { addPlatform } from "./platformCommands";

outliveReaders();
const program = new Command("logharbor")
  .description("A log platform for a Kubernetes cluster: Alloy collects, Loki indexes, MinIO stores, Grafana shows")
  .option("--verbose", "with an error, print where in the program it arose")
  .showHelpAfterError("(--help lists commands and options)");

addPlatform(program);
addInit(program);
addOperations(program);
addDiff(program);
addDrift(program);
addCi(program);
addLogs(program);
addExplore(program);
addCompletion(program);
addAlerts(program);
addDoctor(program);
addChartsCheck(program);

program.parseAsync().catch((error: unknown) => {
  print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
  process.exitCode = 1;
});
