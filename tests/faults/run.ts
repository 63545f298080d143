/*
 * The faults: the distributed platform on a local cluster, broken in each way that it promises to survive, under load.
 */
import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { OperatorError } from "../../domain/problem";
import { explain, print } from "../../cli/console";
import { formatDuration } from "../../cli/duration";
import { usesKind } from "../../local/cluster/cluster";
import { localTopologies, type LocalTopology } from "../../local/platform";
import type { Platform } from "../support/platform";
import { testNode, withTestPlatform } from "../support/testPlatform";
import type { Fault, Form } from "./fault";
import { faults } from "./faults";
import { Processes } from "./processes";
import { Replicas } from "./replicas";
import { markdown, summary, type Row } from "./table";
import { tryFault } from "./trial";

interface Options {
  short?: boolean;
  topology?: LocalTopology;
  only?: string[];
  list?: boolean;
  keep?: boolean;
  charts?: string;
  output?: string;
}

async function main(options: Options): Promise<boolean> {
  const { short = false, topology, keep, charts, output } = options;
  const form: Form = { short, topology: topology ?? "simple-scalable" };
  const chosen = choose(options.only, form);
  if (options.list === true) {
    for (const { name, what, size } of chosen)
      console.log(`${name.padEnd(14)} ${what(form)}${size === "short" ? "" : ` (full only: ${size.fullOnly})`}`);
    return true;
  }
  const rows = await withTestPlatform({ stack: "prod", topology, charts, keep }, async (platform) =>
    tryAll(chosen, platform, form),
  );
  const table = markdown(rows);
  console.log(table);
  if (output !== undefined)
    writeFileSync(output, output.endsWith(".json") ? `${JSON.stringify(rows, null, 2)}\n` : table);
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  console.log(`  ${rows.length - failed} passing\n  ${failed} failing`);
  return failed === 0;
}

/** @throws OperatorError that names what there is, if a name is none of a fault. */
function choose(names: readonly string[] | undefined, { short, topology }: Form): readonly Fault[] {
  const possible = faults.filter(({ topologies }) => topologies?.includes(topology) ?? true);
  const unknown = (names ?? []).filter((name) => possible.every((fault) => fault.name !== name));
  if (unknown.length > 0)
    throw new OperatorError(
      `No fault of ${topology} is called ${unknown.join(", ")}.`,
      `choose from ${possible.map(({ name }) => name).join(", ")}`,
    );
  return possible.filter(({ name, size }) => (names === undefined ? !short || size === "short" : names.includes(name)));
}

async function tryAll(chosen: readonly Fault[], platform: Platform, form: Form): Promise<Row[]> {
  if (await usesKind(testNode))
    throw new OperatorError(
      "The faults need a node of their own.",
      "they kill its processes and open its volumes, which kind keeps inside a container",
    );
  await platform.ensureUp();
  const { cluster } = platform;
  const bench = {
    platform,
    replicas: new Replicas(platform),
    processes: new Processes(cluster, testNode),
    root: testNode.root,
    ...form,
    over: () => undefined,
    note: print,
    say: (text: string) => print(`  ${new Date().toISOString().slice(11, 19)} ${text}`),
  };
  const rows: Row[] = [];
  for (const [index, fault] of chosen.entries()) {
    const began = Date.now();
    print(`fault ${index + 1} of ${chosen.length}`);
    const row = await tryFault(fault, bench);
    rows.push(row);
    print(`  ${summary(row)} (${formatDuration(Date.now() - began)})`);
  }
  return rows;
}

const program = new Command("faults")
  .description(
    "Break the distributed platform under load, on a local cluster of its own, and read every line back. The full form takes hours.",
  )
  .option("--short", "the faults that guard acknowledged lines, each for a shorter time; at most 8 minutes in all")
  .addOption(
    new Option("--topology <name>", "topology of Loki in the place of simple-scalable").choices(localTopologies),
  )
  .option("--only <names...>", "only these faults")
  .option("--list", "tell which faults there are")
  .option("--charts <dir>", "folder of upstream charts that are preferred to the test doubles")
  .option("--output <file>", "write the table there, too: JSON if it ends in .json, else markdown")
  .option("--keep", "keep the cluster for the next run, and go on with the one that an earlier run kept")
  .parse();

main(program.opts<Options>()).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    print(explain(error, false));
    process.exit(1);
  },
);
