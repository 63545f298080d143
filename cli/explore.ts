import { Option, type Command } from "commander";
import { formatBytes } from "../domain/duration";
import { OperatorError } from "../domain/problem";
import { selectorFor } from "../logs/lineFilter";
import type { Pattern } from "../logs/patterns";
import type { LokiAccess } from "../logs/query";
import type { Selected } from "../logs/selected";
import type { Volume } from "../logs/volume";
import { answer, print, untilStopped } from "./console";
import { names, spanOf, whole, withSpan, withStreams } from "./options";
import type { SpanOptions, StreamOptions } from "./options";
import { readChosen, withStackChoice, type StackChoice } from "./stackChoice";

interface ExploreOptions extends StackChoice, StreamOptions, SpanOptions {
  output: "text" | "json";
}

/** Adds the commands that show what logs there are. */
export function addExplore(program: Command): void {
  explorer(program.command("labels"))
    .description("list the labels of lines, or the values of one")
    .argument("[name]", "a label, such as app; pod, stream and detected_level are no labels, but work here too")
    .addHelpText("after", examples("labels", ["", "app -n default", "pod --app shop --since 1d"]))
    .action(async (name: string | undefined, options: ExploreOptions) =>
      explore(options, async (loki, selected) => {
        const { labelNames, labelValues, metadataNames } = await import("../logs/labels.js");
        const found = await (name === undefined ? labelNames(loki, selected) : labelValues(loki, name, selected));
        if (options.output === "json") answer(JSON.stringify(found));
        else found.forEach((one) => answer(one));
        if (name === undefined)
          print(`behind the selector, as in {…} | pod="web-0", each line also has: ${metadataNames.join(", ")}`);
        else if (found.length === 0) print(`no line of this time has ${name}; to see what there is: npm run labels`);
      }),
    );

  explorer(program.command("volume"))
    .description("list how much was logged, the most first")
    .option("--by <labels>", "group by these labels (default: namespace, app)", names)
    .option("--limit <groups>", "list at most this many", whole, 20)
    .addHelpText("after", examples("volume", ["--since 1d", "-n default --by app,container", "--by node"]))
    .action(async ({ by, limit, ...options }: ExploreOptions & { by?: string[]; limit: number }) =>
      explore(options, async (loki, selected) => {
        const [{ volumeOf }, { metadataNames }] = [
          await import("../logs/volume.js"),
          await import("../logs/labels.js"),
        ];
        const metadata = by?.find((name) => metadataNames.some((one) => one === name));
        if (metadata !== undefined)
          throw new OperatorError(
            `--by ${metadata}: ${metadata} is structured metadata, which the index does not count.`,
            ["group by labels: namespace, app, container, node", `list its values: npm run labels -- ${metadata}`],
          );
        const volumes = await volumeOf(loki, selected, { by: by ?? ["namespace", "app"], limit });
        if (options.output === "json") volumes.forEach((volume) => answer(JSON.stringify(volume)));
        else volumeTable(volumes).forEach((line) => answer(line));
        if (volumes.length === 0) print("nothing was logged in this time");
        if (volumes.length === limit) print(`(the largest ${limit}; ask for more with --limit)`);
      }),
    );

  explorer(program.command("patterns"))
    .description("list the forms that lines have, the most frequent first")
    .addHelpText(
      "after",
      `
Loki knows the patterns of the last three hours, once they have 30 lines.
${examples("patterns", ["-n default", "--app shop --since 15m"])}`,
    )
    .action(async (options: ExploreOptions) =>
      explore(options, async (loki, selected) => {
        const { patternsOf } = await import("../logs/patterns.js");
        const patterns = await patternsOf(loki, selected);
        if (options.output === "json") patterns.forEach((pattern) => answer(JSON.stringify(pattern)));
        else patternTable(patterns).forEach((line) => answer(line));
        if (patterns.length === 0)
          print("no pattern: Loki keeps them for three hours, and lists those of 30 lines or more");
      }),
    );
}

function explorer(command: Command): Command {
  withStreams(command);
  withSpan(command);
  return withStackChoice(command).addOption(
    new Option("-o, --output <format>").choices(["text", "json"]).default("text"),
  );
}

function examples(command: string, all: readonly string[]): string {
  return ["", "Examples:", ...all.map((one) => `  npm run ${command}${one === "" ? "" : ` -- ${one}`}`)].join("\n");
}

async function explore(
  options: ExploreOptions,
  work: (loki: LokiAccess, selected: Selected) => Promise<void>,
): Promise<void> {
  const { app, container, namespace } = options;
  const selector = selectorFor({ apps: app, containers: container, namespaces: namespace });
  const selected = { selector, ...spanOf(options) };
  await untilStopped(async (stopped) => {
    const { settings, kubeConfig } = await readChosen(options);
    const { openLoki } = await import("../logs/access.js");
    const loki = await openLoki(settings, kubeConfig, (text) => print(text));
    stopped.addEventListener("abort", () => void loki.close());
    try {
      await work(loki, selected);
    } finally {
      await loki.close();
    }
  });
}

/** Volumes as a table. Pure. */
export function volumeTable(volumes: readonly Volume[]): string[] {
  const rows = volumes.map(({ labels, bytes }) => [
    formatBytes(bytes),
    Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
  ]);
  const width = Math.max(0, ...rows.map(([bytes]) => bytes!.length));
  return rows.map(([bytes, group]) => `${bytes!.padStart(width)}  ${group}`);
}

/** Patterns as a table. Pure. */
export function patternTable(patterns: readonly Pattern[]): string[] {
  const counts = patterns.map(({ lines }) => String(lines));
  const width = Math.max(0, ...counts.map((count) => count.length));
  const levelWidth = Math.max(0, ...patterns.map(({ level }) => level.length));
  return patterns.map(
    ({ level, pattern }, index) => `${counts[index]!.padStart(width)}  ${level.padEnd(levelWidth)}  ${pattern}`,
  );
}
