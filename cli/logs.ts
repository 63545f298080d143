import { InvalidArgumentError, Option, type Command } from "commander";
import type { Entry } from "../logs/query";
import { answer, print, readerGone } from "./console";
import { parseDuration } from "../domain/duration";
import { openChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface LogsOptions extends StackChoice {
  since: number;
  limit: number;
  follow?: boolean;
  output: Format;
}

type Format = "text" | "json";

/** Adds the command that queries Loki, from any machine that has the kubeconfig. */
export function addLogs(program: Command): void {
  withStackChoice(program.command("logs"))
    .description("print the lines that a LogQL query finds")
    .argument("<query>", `such as '{namespace="default"} |= "error"'`)
    .addOption(
      new Option("--since <duration>", "how far to look back, such as 15m, 1h or 2d")
        .argParser(duration)
        .default(parseDuration("1h"), "1h"),
    )
    .option("--limit <lines>", "print at most this many lines, the newest ones", count, 100)
    .option("-f, --follow", "then print each new line until Ctrl-C")
    .addOption(
      new Option("-o, --output <format>", "text: time, pod, line; json: one object per line")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
Examples:
  npm run logs -- '{namespace="default"}'
  npm run logs -- '{namespace="default"} |= "error"' --since 15m
  npm run logs -- '{namespace="default"} |~ "panic"' --limit 10
  npm run logs -- '{namespace="default"} | json | status=500' --output json
  npm run logs -- '{namespace="default"}' --follow --stack prod`,
    )
    .action(async (query: string, { since, limit, follow, output, ...choice }: LogsOptions) => {
      const { openLoki } = await import("../logs/access.js");
      const { queryRange, tail } = await import("../logs/query.js");
      const stack = await openChosen(choice);
      const loki = await openLoki(await stack.settings(), await stack.kubeConfig(), (text) => print(text));
      try {
        const end = new Date();
        const found = await queryRange(loki, { query, start: new Date(end.getTime() - since), end, limit });
        found.forEach((entry) => answer(format(entry, output)));
        if (follow !== true) {
          if (found.length === 0)
            print('no lines; to see which namespaces have any, ask for {namespace=~".+"} with --since 24h');
          if (found.length === limit) print(`(the newest ${limit} lines; ask for more with --limit)`);
          return;
        }
        const stopping = new AbortController();
        process.once("SIGINT", () => stopping.abort());
        process.once("SIGTERM", () => stopping.abort());
        const printed = new Set(found.map((entry) => JSON.stringify(entry)));
        await tail(loki, {
          query,
          start: found.length === 0 ? end : new Date(Number(BigInt(found.at(-1)?.timestampNs ?? "0") / 1_000_000n)),
          signal: AbortSignal.any([stopping.signal, readerGone]),
          onNote: print,
          onEntry: (entry) => {
            if (!printed.has(JSON.stringify(entry))) answer(format(entry, output));
          },
        });
      } finally {
        await loki.close();
      }
    });
}

/** One entry as text or JSON. Pure. */
export function format({ timestampNs, labels, metadata, line }: Entry, output: Format): string {
  const time = new Date(Number(BigInt(timestampNs) / 1_000_000n)).toISOString();
  if (output === "json") return JSON.stringify({ time, timestampNs, labels, metadata, line });
  const pod = metadata.pod ?? labels.pod;
  const source = [labels.namespace, pod, labels.container].filter((part) => part !== undefined).join("/");
  return `${time} ${source === "" ? "-" : source} ${line}`;
}

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function count(text: string): number {
  const lines = Number(text);
  if (!Number.isInteger(lines) || lines < 1)
    throw new InvalidArgumentError("Write a whole number of lines, at least 1.");
  return lines;
}
