/*
 * The faults: under load, breaks the distributed platform on a local cluster in each way that it promises to survive.
 */
import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { OperatorError } from "../../domain/problem";
import { explain, print } from "../../cli/console";
import { formatDuration } from "../../domain/duration";
import { usesKind } from "../../local/cluster/cluster";
import { localTopologies, type LocalTopology } from "../../local/stacks";
import { planOf } from "../../render/plan";
import type { Platform } from "../support/platform";
import { testNode, withTestPlatform } from "../support/testPlatform";
import type { Fault, Form } from "./fault";
import { faults } from "./faults";
import { AlertWatch, watcherNamespace } from "./alertWatch";
import { PodProcesses } from "../support/podProcesses";
import { Replicas } from "./replicas";
import { markdown, summary, type Row } from "./table";
import { tryFault } from "./trial";

interface Options {
  short?: boolean;
  topology?: LocalTopology;
  only?: string[];
  list?: boolean;
  alerts?: boolean;
  keep?: boolean;
  charts?: string;
  output?: string;
}

async function main(options: Options): Promise<boolean> {
  const { short = false, topology, keep, charts, output, alerts = false } = options;
  const form: Form = { short, topology: topology ?? "simple-scalable" };
  const chosen = choose(options.only, form);
  if (options.list === true) {
    for (const { name, what, size } of chosen)
      console.log(`${name.padEnd(14)} ${what(form)}${size === "short" ? "" : ` (full only: ${size.fullOnly})`}`);
    return true;
  }
  const extras = alerts ? (["prometheus"] as const) : [];
  const rows = await withTestPlatform({ stack: "prod", topology, charts, keep, extras }, async (platform) =>
    tryAll(chosen, platform, { ...form, alerts }),
  );
  const table = markdown(rows);
  console.log(table);
  if (output !== undefined)
    writeFileSync(output, output.endsWith(".json") ? `${JSON.stringify(rows, null, 2)}\n` : table);
  const failed = rows.filter(({ problems }) => problems.length > 0).length;
  console.log(`  ${rows.length - failed} passing\n  ${failed} failing`);
  return failed === 0;
}

/** @throws OperatorError that lists the faults, if a name is not one of them. */
function choose(names: readonly string[] | undefined, { short, topology }: Form): readonly Fault[] {
  const possible = faults.filter(({ topologies }) => topologies?.includes(topology) ?? true);
  const unknown = (names ?? []).filter((name) => possible.every((fault) => fault.name !== name));
  if (unknown.length > 0)
    throw new OperatorError(
      `Unknown faults for ${topology}: ${unknown.join(", ")}.`,
      `choose from ${possible.map(({ name }) => name).join(", ")}`,
    );
  return possible.filter(({ name, size }) => (names === undefined ? !short || size === "short" : names.includes(name)));
}

async function tryAll(
  chosen: readonly Fault[],
  platform: Platform,
  { alerts, ...form }: Form & { alerts: boolean },
): Promise<Row[]> {
  if (await usesKind(testNode))
    throw new OperatorError(
      "The faults do not run on kind: they kill the node's processes and open its volumes, and kind keeps both in a container.",
      "run them where npm start builds its own node: on Debian or Ubuntu, as root, without kind",
    );
  const overrides = alerts ? { monitoring: { namespaces: [watcherNamespace] } } : {};
  const stack = await platform.stack(overrides);
  await stack.up();
  const { monitoring } = planOf(await stack.settings());
  const processes = new PodProcesses(platform.cluster, testNode);
  const bench = {
    platform,
    replicas: new Replicas(platform, processes),
    processes,
    watch: monitoring && (async () => AlertWatch.start(platform.cluster, monitoring)),
    overrides,
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
    "Break the distributed platform under load, on its own local cluster, and read every line back. The full form takes hours.",
  )
  .option("--short", "only the faults that guard acknowledged lines, each for a shorter time; 9 to 10 minutes in all")
  .addOption(new Option("--topology <name>", "topology of Loki instead of simple-scalable").choices(localTopologies))
  .option("--only <names...>", "only these faults")
  .addOption(
    new Option(
      "--alerts",
      "with a Prometheus, whose alerts wait for a twentieth of their time: under each fault its alerts fire, and no other",
    ).conflicts("short"),
  )
  .option("--list", "list the faults, and which of them the short form has")
  .option("--charts <dir>", "folder of upstream charts to use instead of the test doubles")
  .option("--output <file>", "also write the table to this file: as JSON if its name ends in .json, else as markdown")
  .option("--keep", "keep the cluster for the next run, and use the one that an earlier run kept")
  .parse();

main(program.opts<Options>()).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    print(explain(error, false));
    process.exit(1);
  },
);
