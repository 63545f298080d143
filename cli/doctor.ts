import { InvalidArgumentError, Option, type Command } from "commander";
import { bundleFiles, writeBundle } from "../doctor/bundle";
import { gather } from "../doctor/gather/gather";
import { gatherPod, type PodName } from "../doctor/gather/pod";
import { judge } from "../doctor/judge";
import { figuresOf } from "../doctor/judges/canary";
import { gatherQuery } from "../doctor/query/gather";
import { judgeQuery, queryText } from "../doctor/query/judge";
import { exitStatus, reportOf } from "../doctor/report";
import { trailOf, trailText } from "../doctor/trail";
import { OperatorError } from "../domain/problem";
import { openLoki } from "../logs/access";
import { answer, explain, print } from "./console";
import { parseDuration } from "../domain/duration";
import { duration } from "./options";
import { openChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface DoctorOptions extends StackChoice {
  pod?: Omit<PodName, "container">;
  container?: string;
  query?: string;
  since: number;
  bundle?: string;
  json?: boolean;
}

/** Adds the command that looks for what is wrong with a stack, with the logs of a pod, or with a query. */
export function addDoctor(program: Command): void {
  withStackChoice(program.command("doctor"))
    .description("find what is wrong with a running stack, the cause first; changes nothing")
    .addOption(
      new Option(
        "--pod <namespace/name>",
        "say why the logs of this pod are missing: the first hop that fails",
      ).argParser(podName),
    )
    .option("--container <name>", "with --pod: only this container")
    .option("--query <logql>", "say why this query is slow or empty")
    .addOption(
      new Option("--since <duration>", "with --query: how far it looks back")
        .argParser(duration)
        .default(parseDuration("1h"), "1h"),
    )
    .option("--bundle <file>", "also write findings, versions, states and recent logs, without secrets, to a .tar.gz")
    .option("--json", "print the answer as JSON")
    .addHelpText(
      "after",
      `
Exit status: 0 healthy, 1 something is wrong, 2 too little could be seen to tell.

Examples:
  npm run doctor -- --stack dev
  npm run doctor -- --pod default/web-0 --stack dev
  npm run doctor -- --query '{namespace="default"} |= "error"' --since 24h
  npm run doctor -- --bundle doctor.tar.gz`,
    )
    .action(async (options: DoctorOptions) => {
      try {
        process.exitCode = await diagnose(options);
      } catch (error) {
        print(explain(error, program.opts<{ verbose?: boolean }>().verbose ?? false));
        process.exitCode = 2;
      }
    });
}

async function diagnose(options: DoctorOptions): Promise<number> {
  requireOne(options);
  const { pod, container, query, since, bundle, json, ...choice } = options;
  const say = (value: unknown, text: string) => answer(json === true ? JSON.stringify(value, undefined, 2) : text);
  const stack = await openChosen(choice);
  const target = { kubeConfig: await stack.kubeConfig(), settings: await stack.settings(), owner: stack.owner };

  if (query !== undefined) {
    const loki = await openLoki(target.settings, target.kubeConfig, print);
    try {
      const facts = await gatherQuery(loki, { query, sinceMs: since }, target.settings);
      const remarks = judgeQuery(facts);
      say({ stats: facts.stats, index: facts.index, remarks }, queryText(facts, remarks));
      return remarks.length === 0 ? 0 : 1;
    } finally {
      await loki.close();
    }
  }

  const began = Date.now();
  const facts = await gather(target);
  const findings = judge(facts);
  if (pod !== undefined) {
    const found = await gatherPod(target, { ...pod, container }, facts);
    const trail = trailOf({ facts: found, stack: facts, findings });
    say({ trail, query: found.query, unseen: found.unseen }, trailText(trail, found));
    if (trail.some(({ state }) => state === "fails")) return 1;
    return trail.at(-1)?.state === "ok" ? 0 : 2;
  }

  const diagnosis = { findings, unseen: facts.unseen, canaries: figuresOf(facts), tookMs: Date.now() - began };
  say(diagnosis, reportOf(diagnosis));
  if (bundle !== undefined) {
    await writeBundle(bundle, bundleFiles(facts, diagnosis));
    print(`bundle: ${bundle}; look through it before you give it away`);
  }
  return exitStatus(diagnosis);
}

function requireOne({ pod, container, query, bundle }: DoctorOptions): void {
  if (pod !== undefined && query !== undefined)
    throw new OperatorError("--pod and --query are two questions.", "ask one of them at a time");
  if (container !== undefined && pod === undefined)
    throw new OperatorError("--container needs a pod.", "add --pod NAMESPACE/NAME");
  if (bundle !== undefined && (pod !== undefined || query !== undefined))
    throw new OperatorError("--bundle is about the whole stack.", "leave out --pod and --query");
}

/** Splits `namespace/name`. */
export function podName(text: string): Omit<PodName, "container"> {
  const [namespace, name, ...more] = text.split("/");
  const isName = (part: string | undefined) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(part ?? "");
  if (namespace === undefined || name === undefined || more.length > 0 || !isName(namespace) || !isName(name))
    throw new InvalidArgumentError("Write it as NAMESPACE/NAME, such as default/web-0.");
  return { namespace, name };
}
