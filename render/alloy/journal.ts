import type { AlloySpec } from "./spec";
import { quote } from "./syntax";

/**
 * How far back Alloy reads when it starts: at first, and if its position is older. Loki refuses older lines, unless
 * `loki.limits.rejectOldSamplesHours` is raised.
 */
const maxAge = "168h";

/** Structured metadata that the journal gives to lines. */
export const journalMetadata = "detected_level";

/** Whether the journals of the nodes are read. */
export function readsJournal({ journal, source }: Pick<AlloySpec, "journal" | "source">): boolean {
  return source === "files" && journal.enabled && (journal.units.length > 0 || journal.kernel);
}

/**
 * The journal of the node, for `loki.process.host`. Empty if it is not read. Alloy syntax.
 *
 * The index label `app` is the unit without `.service`, or `kernel`. Matches of one field are alternatives, those of
 * several fields are not, so the kernel has a reader of its own.
 */
export function journalSource(spec: Pick<AlloySpec, "journal" | "source">): string[] {
  const { kernel, path, units } = spec.journal;
  if (!readsJournal(spec)) return [];
  return [
    ...(units.length > 0 ? [reader("units", path, units.map((unit) => `_SYSTEMD_UNIT=${unit}`).join(" "))] : []),
    ...(kernel ? [reader("kernel", path, "_TRANSPORT=kernel")] : []),
    relabelling,
  ];
}

function reader(name: string, path: string, matches: string): string {
  return `loki.source.journal "${name}" {
  path          = ${quote(path)}
  max_age       = ${quote(maxAge)}
  matches       = ${quote(matches)}
  relabel_rules = loki.relabel.journal.rules
  forward_to    = [loki.process.host.receiver]
}
`;
}

/** By default the journal gives each line of a program the priority info: then Loki looks for a level in the line. */
const levels = { "emerg|alert|crit": "critical", error: "error", warning: "warn", debug: "debug" } as const;

const relabelling = `loki.relabel "journal" {
  forward_to = []

  rule {
    source_labels = ["__journal__systemd_unit"]
    regex         = "(.+?)(\\\\.service)?"
    target_label  = "app"
  }

  rule {
    source_labels = ["__journal__transport"]
    regex         = "kernel"
    target_label  = "app"
    replacement   = "kernel"
  }
${Object.entries(levels)
  .map(
    ([priorities, level]) => `
  rule {
    source_labels = ["__journal_priority_keyword"]
    regex         = ${quote(priorities)}
    target_label  = ${quote(journalMetadata)}
    replacement   = ${quote(level)}
  }
`,
  )
  .join("")}}
`;
