import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Argument, type Command, type Option } from "commander";
import { cacheDir } from "../local/cache";
import { levels, selectorFor } from "../logs/lineFilter";
import { answer } from "./console";
import { readChosen, stacksWithSettings } from "./stackChoice";

/** What completes a word: texts, or the names or values of labels, which Loki knows. */
export interface Completion {
  texts?: readonly string[];
  /** Values of this label; `*`: names of labels. */
  label?: string;
  /** What stands before the completed part in its word, as in `a,b`. */
  before?: string;
}

/** Options whose values Loki knows, and the labels of those values. */
const labelOptions: Readonly<Record<string, string>> = {
  "--namespace": "namespace",
  "--app": "app",
  "--container": "container",
  "--pod": "pod",
  "--by": "*",
};

const scripts = {
  bash: `_logharbor() {
  local IFS=$'\\n'
  COMPREPLY=($(logharbor complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _logharbor logharbor`,
  zsh: `#compdef logharbor
_logharbor() {
  local -a found
  found=("\${(@f)$(logharbor complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -Q -- "\${(@)found:#}"
}
compdef _logharbor logharbor`,
};

/** Adds the command that prints a shell's completion, and the one that the shell then asks. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print the completion of logharbor for a shell")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh"]))
    .addHelpText(
      "after",
      `
Put the folder bin of this checkout on your PATH, then:
  source <(logharbor completion bash)
  source <(logharbor completion zsh)
Names of namespaces, apps, containers and pods come from Loki, and are kept for five minutes.`,
    )
    .action((shell: keyof typeof scripts) => answer(scripts[shell]));

  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[]) => {
      const completion = completionOf(program, words);
      const { before = "" } = completion;
      const texts = completion.texts ?? (await labelTexts(completion.label!, words).catch(() => []));
      const typed = (words.at(-1) ?? "").slice(before.length);
      texts.filter((text) => text.startsWith(typed)).forEach((text) => answer(before + text));
    });
}

/** How to complete the last word of a command line, which begins behind `logharbor`. Pure. */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? "";
  const command = program.commands.find((one) => one.name() === words[0]);
  if (command === undefined || words.length < 2)
    return {
      texts: program
        .createHelp()
        .visibleCommands(program)
        .map((one) => one.name()),
    };
  const options = command.createHelp().visibleOptions(command);
  const option = options.find((one) => one.long === words.at(-2) || one.short === words.at(-2));
  if (option !== undefined && !option.isBoolean()) return valuesOf(option, current);
  if (current.startsWith("-")) return { texts: options.flatMap(({ long }) => long ?? []) };
  const [argument] = command.registeredArguments;
  if (command.name() === "labels") return { label: "*" };
  return { texts: argument?.argChoices ?? [] };
}

function valuesOf({ argChoices, long }: Option, current: string): Completion {
  const before = current.slice(0, current.lastIndexOf(",") + 1);
  if (argChoices !== undefined) return { texts: argChoices };
  if (long === "--level") return { texts: levels, before };
  if (long === "--stack") return { texts: stacksWithSettings() };
  if (long !== undefined && long in labelOptions) return { label: labelOptions[long], before };
  return { texts: [] };
}

/** How long names from Loki are kept, in milliseconds. */
const keptMs = 300_000;

/** Names or values of labels in the last hour, asked at most every five minutes: a shell asks at every Tab. */
async function labelTexts(label: string, words: readonly string[]): Promise<string[]> {
  const valueOf = (...names: string[]) => words[words.findIndex((word) => names.includes(word)) + 1 || words.length];
  const [stack, context] = [valueOf("-s", "--stack"), valueOf("-c", "--context")];
  const namespace = label === "namespace" ? undefined : valueOf("-n", "--namespace");
  const selector = selectorFor({ namespaces: namespace?.split(",") });
  const key = createHash("sha256")
    .update(JSON.stringify([label, stack, context, selector]))
    .digest("hex")
    .slice(0, 16);
  const file = join(cacheDir(), "completion", `${key}.json`);
  try {
    if (Date.now() - statSync(file).mtimeMs < keptMs) return JSON.parse(readFileSync(file, "utf8")) as string[];
  } catch {
    // not asked yet
  }
  const { openLoki } = await import("../logs/access.js");
  const { labelNames, labelValues } = await import("../logs/labels.js");
  const { settings, kubeConfig } = await readChosen({ stack, context });
  const loki = await openLoki(settings, kubeConfig);
  try {
    const end = BigInt(Date.now()) * 1_000_000n;
    const selected = { selector, start: end - 3_600_000_000_000n, end };
    const found = await (label === "*" ? labelNames(loki, selected) : labelValues(loki, label, selected));
    mkdirSync(join(cacheDir(), "completion"), { recursive: true });
    writeFileSync(file, JSON.stringify(found));
    return found;
  } finally {
    await loki.close();
  }
}
