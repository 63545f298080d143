/*
 * The benchmark of entries: what Alloy's work on lines costs, with every kind of work in the same run.
 */
import { cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { answer, consoleProgress, explain, print } from "../../../cli/console";
import { ensurePrograms } from "../../../local/builds/build";
import { harmlessLines } from "../../support/harmlessLines";
import { traces } from "../../support/traces";
import { measure } from "./measure";
import { markdown } from "./table";
import { base, variants } from "./variants";

interface Options {
  lines: number;
  rounds: number;
}

async function main({ lines, rounds }: Options): Promise<void> {
  await ensurePrograms(consoleProgress(), { names: ["alloy"] });
  const costs = await measure(variants, { lines: linesOf(lines), rounds }, print);
  answer(`${markdown(costs, base.name)}\n\n${cpus().length} cores, ${lines} lines, ${rounds} rounds.`);
}

/** Lines of many kinds, of which a fifth looks like a secret, and one in twenty is of a stack trace. */
function linesOf(count: number): string[] {
  const trace = traces.java
    .join("\n")
    .split("\n")
    .slice(0, harmlessLines.length / 20);
  const all = [...harmlessLines, ...trace];
  return Array.from({ length: count }, (_, index) => all[index % all.length]!);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("Write a whole number, at least 1.");
  return Number(text);
}

const program = new Command("bench:entries")
  .description("Measure what Alloy's work on lines costs: masks, fields, rules, joined lines, limits, tenants.")
  .option("--lines <number>", "number of lines in each measurement", wholeNumber, 100_000)
  .option("--rounds <number>", "number of rounds; the table shows their median", wholeNumber, 5)
  .parse();

main(program.opts<Options>()).catch((error: unknown) => {
  print(explain(error, false));
  process.exitCode = 1;
});
