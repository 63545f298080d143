import { InvalidArgumentError, Option, type Command } from "commander";
import { OperatorError, type Problem } from "../domain/problem";
import { logqlOf, type Level, type LineFilter } from "../logs/lineFilter";
import { print, untilStopped } from "./console";
import { outputs, type Output } from "./entryFormats";
import { expressions, levelNames, names, spanOf, whole, withSpan, withStreams } from "./options";
import type { SpanOptions, StreamOptions } from "./options";
import type { LogRequest } from "./showLogs";
import { readChosen, withStackChoice, type StackChoice } from "./stackChoice";

/** What `npm run logs` understands. */
export interface LogsOptions extends StackChoice, StreamOptions, SpanOptions {
  pod?: string[];
  level?: Level[];
  grep?: string[];
  limit: number | "all";
  follow?: boolean;
  output: Output;
  around?: number;
  stats?: boolean;
}

/** Most lines whose neighbours are asked for: each line takes two queries. */
const mostHits = 1_000;
/** Most lines that are held in memory until the oldest of them can be printed. */
const mostHeld = 1_000_000;

/** Adds the command that queries Loki, from any machine that has the kubeconfig. */
export function addLogs(program: Command): void {
  const command = program
    .command("logs")
    .description("print the lines of pods, or those that a LogQL query finds")
    .argument("[query]", `in place of the options that choose lines, such as '{namespace="default"} |= "error"'`);
  withStreams(command)
    .option("--pod <names>", "of these pods; NAMESPACE/NAME names the namespace too", podNames)
    .option("--level <levels>", "with these levels, such as error,fatal; Loki finds the level in the line", levelNames)
    .option("--grep <regex>", "that match this regular expression (RE2); repeated: any of them", expressions);
  withSpan(command)
    .addOption(
      new Option("--limit <lines>", "print at most this many lines, the newest ones; all: each line of the range")
        .argParser(lineLimit)
        .default(100),
    )
    .option("-C, --around <lines>", "with this many lines before and after each, from the same container", whole)
    .option("-f, --follow", "then print each new line until Ctrl-C")
    .addOption(
      new Option(
        "-o, --output <format>",
        "text: time, pod, line; raw: the line alone; json: one object a line; csv: a table",
      )
        .choices(outputs)
        .default("text"),
    )
    .option("--stats", "then say what Loki read, and how long it took");
  withStackChoice(command)
    .addHelpText(
      "after",
      `
Examples:
  npm run logs -- -n default
  npm run logs -- --app shop --level error,fatal --since 2d
  npm run logs -- --pod 'default/shop-*' --grep 'panic|refused' --around 5
  npm run logs -- -n default --follow --stack prod
  npm run logs -- -n default --since 2026-11-25 --until 2026-11-26 --limit all --output csv > day.csv
  npm run logs -- '{namespace="default"} | json | status=500' --output json`,
    )
    .action(async (query: string | undefined, options: LogsOptions) => {
      const request = requestOf(query, options);
      await untilStopped(async (stopped) => {
        const { settings, kubeConfig } = await readChosen(options);
        const { openLoki } = await import("../logs/access.js");
        const { showLogs } = await import("./showLogs.js");
        const loki = await openLoki(settings, kubeConfig, (text) => print(text));
        try {
          const pageLines = settings.loki.limits.maxEntriesLimitPerQuery;
          await showLogs(loki, { ...request, pageLines }, stopped);
        } finally {
          await loki.close();
        }
      });
    });
}

/**
 * What the options ask for. Pure.
 * @throws OperatorError that names options which contradict each other.
 */
export function requestOf(query: string | undefined, options: LogsOptions): Omit<LogRequest, "pageLines"> {
  const [wrong] = contradictions(query, options);
  if (wrong !== undefined) throw new OperatorError(wrong.problem, wrong.remedy);
  const { around, follow = false, limit, output, stats = false } = options;
  return { query: query ?? logqlOf(filterOf(options)), ...spanOf(options), limit, follow, output, around, stats };
}

function contradictions(query: string | undefined, options: LogsOptions): Problem[] {
  const { around, context, follow, limit, output, pod = [], stats, until } = options;
  const chosen = (["namespace", "app", "container", "pod", "level", "grep"] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name}`);
  const elsewhere = pod.find((name) => name.includes("/"));
  const following = [
    ...(until === undefined ? [] : ["--until"]),
    ...(around === undefined ? [] : ["--around"]),
    ...(stats === true ? ["--stats"] : []),
  ];
  return [
    ...(query !== undefined && chosen.length > 0
      ? [
          {
            problem: `A LogQL query and ${chosen.join(", ")} both say which lines to print.`,
            remedy: [`leave out the query`, `write all of it as LogQL; the options mean ${logqlOf(filterOf(options))}`],
          },
        ]
      : []),
    ...(query === undefined && chosen.length === 0
      ? [
          {
            problem: "Nothing says which lines to print.",
            remedy: [
              "name a namespace, an app or a pod: -n default, --app shop, --pod default/shop-0",
              `or write a LogQL query: '{namespace="default"} |= "error"'`,
            ],
          },
        ]
      : []),
    ...(elsewhere !== undefined && options.namespace !== undefined
      ? [{ problem: `--pod ${elsewhere} and --namespace both name a namespace.`, remedy: "leave one of them out" }]
      : []),
    ...(homesOf(pod).length > 1
      ? [
          {
            problem: "The pods are of several namespaces, or only some of them name theirs.",
            remedy: ["name pods of one namespace at a time", "leave out the namespaces: --pod web-0,web-1"],
          },
        ]
      : []),
    ...(follow === true && following.length > 0
      ? [
          {
            problem: `--follow prints lines as they come, so ${following.join(", ")} can't go with it.`,
            remedy: `leave out --follow or ${following.join(", ")}`,
          },
        ]
      : []),
    ...(around !== undefined && (limit === "all" || limit > mostHits)
      ? [
          {
            problem: `--around asks Loki for the neighbours of each line, of at most ${mostHits} lines.`,
            remedy: `lower --limit to ${mostHits} or less`,
          },
        ]
      : []),
    ...(around !== undefined && output === "csv"
      ? [{ problem: "--around prints groups of lines, which a table does not have.", remedy: "choose --output json" }]
      : []),
    ...(context !== undefined && /^\d+$/.test(context)
      ? [
          {
            problem: `--context names a context of your kubeconfig, and ${context} looks like a number of lines.`,
            remedy: `for lines before and after each: --around ${context}`,
          },
        ]
      : []),
  ];
}

/** The filter of the options. A pod may name its namespace. */
function filterOf({ app, container, grep, level, namespace, pod = [] }: LogsOptions): LineFilter {
  return {
    namespaces: namespace ?? homesOf(pod).flatMap((home) => home ?? []),
    apps: app,
    containers: container,
    pods: pod.map((name) => name.split("/").at(-1)!),
    levels: level,
    greps: grep,
  };
}

/** The namespaces that pods name; undefined is none. */
function homesOf(pods: readonly string[]): (string | undefined)[] {
  return [...new Set(pods.map((name) => (name.includes("/") ? name.split("/")[0] : undefined)))];
}

/** Collects pods, each with or without its namespace. */
function podNames(text: string, before?: readonly string[]): string[] {
  const given = names(text, before);
  if (given.some((name) => !/^[^/]+(\/[^/]+)?$/.test(name)))
    throw new InvalidArgumentError("Write NAME or NAMESPACE/NAME.");
  return given;
}

function lineLimit(text: string): number | "all" {
  if (text === "all") return "all";
  const lines = Number(text);
  if (!Number.isInteger(lines) || lines < 1 || lines > mostHeld)
    throw new InvalidArgumentError(
      `Write a whole number of lines from 1 to ${mostHeld}, which are held in memory, or all, which are not.`,
    );
  return lines;
}
