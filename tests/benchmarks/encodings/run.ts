/*
 * The benchmark of chunk encodings: Loki writes and reads real log lines, with every encoding in the same run.
 */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { answer, consoleProgress, explain, print } from "../../../cli/console";
import { settingsSchema } from "../../../config/settings";
import { ensurePrograms } from "../../../local/builds/build";
import { linesHere, linesOf } from "./lines";
import { versionOf } from "./lokiProcess";
import { measure } from "./measure";
import { lokiSamples } from "./samples";
import { markdown } from "./table";

interface Options {
  lines?: string[];
  rounds: number;
  output?: string;
}

async function main({ lines, rounds, output }: Options): Promise<void> {
  // Before minutes of compiling, so that bad arguments fail at once.
  const { files, leftOut } = lines === undefined ? linesHere(await lokiSamples()) : linesOf(lines);
  print(`${files.length} files of log lines`);
  for (const reason of leftOut) print(`left out: ${reason}`);
  const bin = (await ensurePrograms(consoleProgress(), { names: ["loki"] })).bin("loki");
  const encodings = settingsSchema.shape.loki.shape.chunkEncoding.options;
  const result = await measure({ bin, encodings, files, rounds, report: print });
  const table = markdown(result, files, await versionOf(bin));
  answer(table);
  const asJson = output?.endsWith(".json") ?? false;
  if (output !== undefined) writeFileSync(output, asJson ? `${JSON.stringify(result, null, 2)}\n` : table);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 to 99.");
  return Number(text);
}

const program = new Command("bench:encodings")
  .description(
    "Measure on real log lines how much each encoding of Loki's chunks stores, and what it costs a Loki process.",
  )
  .option(
    "--lines <files...>",
    "files of log lines, each a stream (default: those of Loki's tests and of this machine)",
  )
  .option("--rounds <number>", "number of rounds; the table shows their median", wholeNumber, 5)
  .option(
    "--output <file>",
    "also write the figures to this file: as JSON if its name ends in .json, else as a markdown table",
  )
  .parse();

main(program.opts<Options>()).catch((error: unknown) => {
  print(explain(error, false));
  process.exitCode = 1;
});
