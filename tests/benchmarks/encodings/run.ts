/*
 * The benchmark of chunk encodings: Loki's own chunk code on real log lines, each encoding beside the others in one run.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { answer, consoleProgress, explain, print } from "../../../cli/console";
import { settingsSchema } from "../../../config/settings";
import { ensureParts } from "../../../local/parts/build";
import { parts } from "../../../local/parts/parts";
import { findLines, type LineFile } from "./lines";
import { parseResult } from "./measurement";
import { markdown } from "./table";

interface Options {
  lines?: string[];
  rounds: number;
  output?: string;
}

async function main({ lines, rounds, output }: Options): Promise<void> {
  if (lines !== undefined) findLines(lines); // before minutes of compiling
  const built = await ensureParts(consoleProgress(), { names: ["encodings"] });
  const { files, leftOut } = findLines(lines);
  print(`${files.length} files of log lines`);
  for (const reason of leftOut) print(`left out: ${reason}`);
  const task = { encodings: settingsSchema.shape.loki.shape.chunkEncoding.options, rounds, sources: sourcesOf(files) };
  const result = parseResult(execFileSync(built.bin("encodings"), { input: JSON.stringify(task), stdio: ["pipe", "pipe", "inherit"], encoding: "utf8" }));
  const table = markdown(result, files, parts.encodings.version);
  answer(table);
  if (output !== undefined) writeFileSync(output, output.endsWith(".json") ? `${JSON.stringify(result, null, 2)}\n` : table);
}

function sourcesOf(files: readonly LineFile[]): { kind: string; files: string[] }[] {
  const kinds = [...new Set(files.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => ({ kind, files: files.filter((file) => file.kind === kind).map(({ path }) => path) }));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 99.");
  return Number(text);
}

const program = new Command("bench:encodings")
  .description("Measure what each encoding of Loki's chunks stores, and what writing and reading it costs, with Loki's own code on real log lines.")
  .option("--lines <files...>", "files of log lines, each a stream; default: those of Loki's tests, and what this machine has")
  .option("--rounds <number>", "rounds of which the median counts", wholeNumber, 9)
  .option("--output <file>", "write the table there, too: what was measured as JSON if it ends in .json, else markdown")
  .parse();

main(program.opts<Options>()).catch((error: unknown) => {
  print(explain(error, false));
  process.exitCode = 1;
});
