import { randomBytes } from "node:crypto";
import { Option, type Command } from "commander";
import type { AlertRule, Settings } from "../config/settings";
import { parseDuration } from "../domain/duration";
import { OperatorError, problemLines } from "../domain/problem";
import type { RuleState } from "../logs/alerts";
import type { Firing } from "../logs/replay";
import { answer, print } from "./console";
import { duration } from "./options";
import { readChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface AlertsOptions extends StackChoice {
  test?: string;
  replay?: number;
  output: "text" | "json";
}

/** Seconds until a test has come through: the ruler's poll, an evaluation, and what a busy cluster adds. */
const testSeconds = 180;

/** Adds the command for alerts. */
export function addAlerts(program: Command): void {
  withStackChoice(program.command("alerts"))
    .description("list the rules of alerts with their state; test the way of an alert; replay rules over stored logs")
    .option(
      "--test <rule>",
      "raise a test alert with the severity of this rule, and wait until the Alertmanager has it",
    )
    .addOption(
      new Option(
        "--replay <duration>",
        "when each rule would have fired, over stored logs of this long, such as 7d",
      ).argParser(duration),
    )
    .addOption(new Option("-o, --output <format>").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      `
Examples:
  npm run alerts -- --stack prod
  npm run alerts -- --stack prod --test HighErrorRate
  npm run alerts -- --stack prod --replay 7d`,
    )
    .action(async ({ test, replay: span, output, ...choice }: AlertsOptions) => {
      const { settings, kubeConfig, owner } = await readChosen(choice);
      const { openLoki } = await import("../logs/access.js");
      const loki = await openLoki(settings, kubeConfig, (text) => print(text));
      const { alertmanagerProblems } = await import("../doctor/alertmanagers.js");
      const alertmanagers = async () => alertmanagerProblems({ kubeConfig, settings, owner });
      try {
        if (test !== undefined) {
          const { asked, problems } = await alertmanagers();
          const [first] = problems;
          // Every alert goes to each of several, so one that works is enough.
          if (first !== undefined && problems.length === asked) throw new OperatorError(first.problem, first.remedy);
          await runTest(test, { settings, loki, kubeConfig });
          return;
        }
        if (span !== undefined) {
          await runReplay(span, { settings, loki, output });
          return;
        }
        const { isLate, ruleStates } = await import("../logs/alerts.js");
        const states = await ruleStates(loki);
        if (output === "json") answer(JSON.stringify(states));
        else table(states).forEach((line) => answer(line));
        if (settings.alerts.alertmanager === "none") print("nobody is notified of them: alerts.alertmanager is none");
        states.filter(isLate).forEach(({ name, tookSeconds, intervalSeconds }) => {
          print(
            `${name}: an evaluation takes ${tookSeconds?.toFixed(1)} s and is due every ${intervalSeconds} s, so some are left out`,
          );
        });
        const { problems, unseen } = await alertmanagers();
        problems.forEach((problem) => print(problemLines(problem).join("\n")));
        unseen.forEach((what) => print(`not seen: ${what}`));
        if (problems.length > 0 || states.some(({ health }) => health === "err")) process.exitCode = 1;
      } finally {
        await loki.close();
      }
    });
}

type Loki = Awaited<ReturnType<typeof import("../logs/access.js").openLoki>>;
type KubeConfig = Parameters<typeof import("../logs/access.js").openLoki>[1];

async function runTest(
  name: string,
  { settings, loki, kubeConfig }: { settings: Settings; loki: Loki; kubeConfig: KubeConfig },
): Promise<void> {
  const { alerts } = settings;
  const rule = [...alerts.rules, ...alerts.grafanaRules].find((one) => one.name === name);
  if (rule === undefined)
    throw new OperatorError(
      `The stack has no rule ${name}. Its rules: ${alerts.rules.map((one) => one.name).join(", ")}.`,
      "name one of these",
    );
  if (alerts.storage === "bucket")
    throw new OperatorError(
      "The rules of this stack are in the ruler's bucket.",
      "set alerts.storage to stack for a test",
    );
  const { openAlertmanager } = await import("../logs/alertmanager.js");
  const { awaitTest, writeTestLine } = await import("../logs/alerts.js");
  const alertmanager = await openAlertmanager(settings, kubeConfig);
  try {
    const id = randomBytes(4).toString("hex");
    const began = Date.now();
    await writeTestLine(loki, { id, rule: name, severity: rule.severity });
    print(`test ${id}: a line is in Loki; waiting until a ruler has evaluated it and the Alertmanager has the alert`);
    const receivers = await awaitTest(alertmanager, id, testSeconds);
    answer(
      `The Alertmanager has the test of ${name} after ${Math.round((Date.now() - began) / 1000)} s. ` +
        `It notifies ${receivers.join(", ")}.`,
    );
  } finally {
    await alertmanager.close();
  }
}

async function runReplay(
  span: number,
  { settings, loki, output }: { settings: Settings; loki: Loki; output: "text" | "json" },
): Promise<void> {
  const { planOf } = await import("../render/plan.js");
  const { queryOf } = await import("../render/loki/rules.js");
  const { replay } = await import("../logs/replay.js");
  const { ruler } = planOf(settings).loki;
  const end = new Date();
  const start = new Date(end.getTime() - span);
  const rules: AlertRule[] = [...settings.alerts.rules, ...settings.alerts.grafanaRules];
  const others = rules.filter(({ tenant }) => tenant !== undefined && tenant !== settings.tenant);
  for (const rule of rules.filter((one) => !others.includes(one))) {
    const firings = await replay(loki, {
      query: queryOf(rule, ruler.platform),
      forSeconds: rule.for === undefined ? 0 : parseDuration(rule.for) / 1000,
      intervalSeconds: settings.alerts.intervalSeconds,
      start,
      end,
    });
    if (output === "json") answer(JSON.stringify({ rule: rule.name, firings }));
    else replayed(rule.name, firings).forEach((line) => answer(line));
  }
  others.forEach(({ name, tenant }) => print(`not replayed: ${name}, which reads the logs of tenant ${tenant}`));
}

/** The rules as a table. Pure. */
export function table(states: readonly RuleState[]): string[] {
  const rows = states.map(({ name, state = "recording", health, lastEvaluation, lastError, active }) => [
    name,
    active > 0 ? `${state} (${active})` : state,
    health,
    lastEvaluation === undefined ? "not yet" : lastEvaluation.toISOString().replace(/\.\d+Z$/, "Z"),
    lastError ?? "",
  ]);
  const lines = [["rule", "state", "health", "last evaluation", "last error"], ...rows];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** What a replay found for one rule. Pure. */
export function replayed(name: string, firings: readonly Firing[]): string[] {
  const times = firings.length === 1 ? "once" : `${firings.length} times`;
  if (firings.length === 0) return [`${name} would not have fired`];
  const shown = firings.slice(0, 20).map(({ labels, from, to }) => {
    const group = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    return `  ${from.toISOString()} to ${to.toISOString()}${group.length === 0 ? "" : `  ${group.join(" ")}`}`;
  });
  return [
    `${name} would have fired ${times}`,
    ...shown,
    ...(firings.length > 20 ? [`  and ${firings.length - 20} more`] : []),
  ];
}
