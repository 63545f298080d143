import { createInterface } from "node:readline/promises";
import { Option, type Command } from "commander";
import { credentials, wordFor } from "../domain/credentials";
import { OperatorError } from "../domain/problem";
import type { ClusterReplaced } from "../automation/clusterReplaced";
import type { LogStack } from "../automation/logStack";
import type { Rotation } from "../automation/rotation";
import type { StackOutputs } from "../render/outputs";
import { summary } from "../automation/engineProgress";
import { answer, print, untilEngineEnds } from "./console";
import { formatDuration } from "../domain/duration";
import { openChosen, withStackChoice, type StackChoice } from "./stackChoice";

/** Adds preflight, preview, up, rotate, refresh, drift, destroy, cluster-replaced and outputs. */
export function addOperations(program: Command): void {
  withStackChoice(program.command("preflight"))
    .description("check that the cluster can take the stack, and list everything that is missing")
    .action(async (choice: StackChoice) => requireFit(await openChosen(choice, { create: true })));

  withJson(withStackChoice(program.command("preview")))
    .description("show what up would change; nothing is touched")
    .action(async ({ json, ...choice }: EventChoice) => {
      const stack = await openChosen(choice, { create: true, json });
      const done = async () => summary((await stack.preview()).changes, { planned: true });
      report(await timed("preview", done), json);
    });

  withJson(withStackChoice(program.command("up")))
    .description("make the cluster match the settings; continues where an interrupted run stopped")
    .option("--skip-preflight", "do not check the cluster first")
    .option("--no-verify", "do not wait at the end until a pod's line has come back through Alloy and Loki")
    .action(
      async ({
        skipPreflight,
        verify,
        json,
        ...choice
      }: EventChoice & { skipPreflight?: boolean; verify: boolean }) => {
        const stack = await openChosen(choice, { create: true, json });
        if (skipPreflight !== true) await requireFit(stack);
        report(await timed("up", async () => summary((await stack.up()).changes)), json);
        printOutputs(await stack.outputs());
        if (verify) report(await provenDelivery(stack), json);
      },
    );

  withStackChoice(program.command("rotate"))
    .description("renew the credentials that the stack generates; no line is lost and no push refused meanwhile")
    .addOption(
      new Option("-w, --what <credential...>", "credentials to renew (default: all that the stack has)").choices(
        credentials.map(wordFor),
      ),
    )
    .action(async ({ what, ...choice }: StackChoice & { what?: string[] }) => {
      const stack = await openChosen(choice);
      const wanted = credentials.filter((credential) => what?.includes(wordFor(credential)));
      answer(await timed("rotate", async () => rotationText(await stack.rotate({ what: what && wanted }))));
    });

  withJson(withStackChoice(program.command("refresh")))
    .description("update the stack's state to what the cluster really holds")
    .action(async ({ json, ...choice }: EventChoice) => {
      const stack = await openChosen(choice, { json });
      report(await timed("refresh", async () => summary((await stack.refresh()).changes)), json);
    });

  withStackChoice(program.command("drift"))
    .description("show how the cluster differs from the stack's state; nothing is touched")
    .action(async (choice: StackChoice) => {
      const stack = await openChosen(choice);
      answer(await timed("drift", async () => summary((await stack.drift()).changes, { planned: true })));
    });

  withJson(withStackChoice(program.command("destroy")))
    .description("remove the stack from the cluster, including every log")
    .option("-y, --yes", "do not ask")
    .option("--with-foreign", "also delete what others have put into the stack's namespaces")
    .action(async ({ yes, withForeign, json, ...choice }: EventChoice & { yes?: boolean; withForeign?: boolean }) => {
      const stack = await openChosen(choice, { json });
      // Whoever answered the question has seen the foreign objects; --yes alone has not, and needs --with-foreign.
      const asked = yes !== true && (await confirm(stack));
      const done = async () => summary((await stack.destroy({ withForeign: withForeign === true || asked })).changes);
      report(await timed("destroy", done), json);
    });

  withStackChoice(program.command("cluster-replaced"))
    .description("say that the stack's cluster is gone and that its config names the one in its place; deletes nothing")
    .option("-y, --yes", "do not ask")
    .action(async ({ yes, ...choice }: StackChoice & { yes?: boolean }) => {
      const stack = await openChosen(choice);
      if (yes !== true) {
        const what = `This makes stack "${stack.name}" forget the cluster of its last up, with every log there`;
        requireTerminal(what);
        await typedName(stack.name, `${what}.`);
      }
      answer(replacedText(stack.name, await stack.clusterReplaced()));
    });

  withStackChoice(program.command("outputs"))
    .description("print the outputs of the last up as JSON")
    .action(async (choice: StackChoice) => {
      answer(JSON.stringify(await (await openChosen(choice)).outputs(), undefined, 2));
    });
}

/** A choice of a stack whose events may be wanted. */
interface EventChoice extends StackChoice {
  json?: boolean;
}

function withJson(command: Command): Command {
  return command.option("--json", "print each event as one line of JSON (docs/events.schema.json)");
}

/** Says for people how an operation ended: as the answer, unless that is its events. */
function report(text: string, json = false): void {
  if (json) print(text);
  else answer(text);
}

/** Waits until a line of a pod has come through, and says how long that took. */
async function provenDelivery(stack: LogStack): Promise<string> {
  const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
  const { alloy, namespaces } = settings;
  if (alloy.excludeNamespaces.includes(namespaces.loki))
    return `not verified: alloy.excludeNamespaces leaves out ${namespaces.loki}, whose lines would prove that logs arrive`;
  const { openLoki } = await import("../logs/access.js");
  const { proveDelivery } = await import("../logs/proof.js");
  const loki = await openLoki(settings, kubeConfig, (text) => print(text));
  try {
    const { pod, seconds } = await proveDelivery(loki, namespaces.loki);
    return `verified: a line of pod ${pod} came back through Alloy and Loki ${seconds.toFixed(1)} s after it was written`;
  } finally {
    await loki.close();
  }
}

/** Throws with the whole list if the cluster lacks something. */
export async function requireFit(stack: LogStack): Promise<void> {
  const { findings, report } = await stack.preflight();
  if (findings.length > 0) throw new OperatorError(report, []);
  print(`preflight: ${report}`);
}

/**
 * Asks for the stack's name before everything is deleted, including objects of others. Without a terminal nobody can
 * answer, so that is an error.
 */
async function confirm(stack: LogStack): Promise<true> {
  const { name } = stack;
  requireTerminal(`destroy deletes every log of stack "${name}"`);
  const { objects } = await stack.foreign();
  if (objects.length > 0) {
    const { foreignText } = await import("../changes/ownership/foreign.js");
    print(
      `Others have put these objects into its namespaces, and this would delete them too:\n${foreignText(objects)}`,
    );
  }
  const also =
    objects.length === 0
      ? ""
      : `, and the ${objects.length === 1 ? "object" : `${objects.length} objects`} of others listed above`;
  await typedName(name, `This deletes stack "${name}" with every log that it holds${also}.`);
  return true;
}

/** @throws OperatorError if whoever runs the command can't be asked */
function requireTerminal(what: string): void {
  if (process.stdin.isTTY) return;
  throw new OperatorError(`${what}, and without a terminal it cannot ask you first.`, "confirm with --yes");
}

/** Resolves when the stack's name was typed, after a text that says what happens then. */
async function typedName(name: string, what: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await terminal.question(`${what} Type its name to continue: `);
  terminal.close();
  if (typed.trim() !== name) throw new OperatorError("Nothing was changed.", []);
}

function replacedText(name: string, { restored, forgotten }: ClusterReplaced): string {
  return restored
    ? `stack "${name}" is in the new cluster, which holds its objects; next: npm run drift -- --stack ${name}`
    : `${forgotten} resources of the old cluster are out of the state of stack "${name}"; the passwords stay. ` +
        `Next: npm run preview -- --stack ${name}`;
}

function rotationText({ done, waiting, tenants }: Rotation): string {
  return waiting.length === 0
    ? `${done.map(wordFor).join(", ")} renewed; commit the stack's file, which has the new generations`
    : `${waiting.map(wordFor).join(", ")}: old and new are both valid. Give the clients of ${tenants.join(", ")} ` +
        "their new passwords (docs/security.md), then run the same command again: it removes the old ones";
}

async function timed(operation: string, work: () => Promise<string>): Promise<string> {
  const began = Date.now();
  const result = await untilEngineEnds(work);
  return `${operation}: ${result} (${formatDuration(Date.now() - began)})`;
}

function printOutputs({ endpoints, grafanaAccess }: Partial<StackOutputs>): void {
  for (const [name, url] of Object.entries(endpoints ?? {})) print(`  ${name}: ${url}`);
  if (grafanaAccess !== undefined)
    print(`  open Grafana: ${grafanaAccess.open}\n  its password: ${grafanaAccess.password}`);
}
