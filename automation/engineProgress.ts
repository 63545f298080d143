import type { DiagnosticEvent, EngineEvent, OpMap, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation";

/** Prints one line for people. */
export type Print = (line: string) => void;

export interface EngineProgress {
  onEvent(event: EngineEvent): void;
  /** The errors that the engine reported, each once, in order. */
  readonly errors: readonly string[];
  stop(): void;
}

const verbs: Record<string, [doing: string, done: string]> = {
  create: ["creating", "created"],
  update: ["updating", "updated"],
  delete: ["deleting", "deleted"],
  replace: ["replacing", "replaced"],
  "create-replacement": ["creating the new", "created the new"],
  "delete-replaced": ["deleting the old", "deleted the old"],
  import: ["importing", "imported"],
};
const waitNotesMs = 15_000;

/**
 * Turns engine events into terse lines: what was done and how long it took, and, while a step takes long, what it waits
 * for. `whyWaiting` answers that for the namespace of a release or a Job. Skips components, providers, the stack
 * itself, and steps that change nothing. Works the same without a terminal.
 */
export function engineProgress(
  print: Print,
  whyWaiting: (namespace: string) => Promise<string[]> = () => Promise.resolve([]),
): EngineProgress {
  const now = Date.now;
  const running = new Map<string, { what: string; since: number; noted: number; namespace: string | undefined }>();
  const errors: string[] = [];
  const warnings = new Set<string>();
  const notes = new Set<string>();

  const noteWait = async (step: { what: string; since: number; namespace: string | undefined }) => {
    const reasons = step.namespace === undefined ? [] : await whyWaiting(step.namespace);
    print(`  ... ${step.what}, ${seconds(now() - step.since)}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`);
  };
  const timer = setInterval(() => {
    for (const step of running.values()) {
      if (now() - step.noted >= waitNotesMs) {
        step.noted = now();
        void noteWait(step);
      }
    }
  }, 1_000).unref();

  const diagnose = (event: DiagnosticEvent) => {
    const text = plain(event.message).trim();
    if (event.severity === "error" && text !== "" && !errors.includes(text)) {
      errors.push(text);
    } else if (event.severity === "warning" && !warnings.has(firstLine(text))) {
      warnings.add(firstLine(text));
      print(`  warning: ${text}`);
    } else if (event.severity === "info" && isOurs(event) && !notes.has(text)) {
      notes.add(text);
      print(`  ${text}`);
    }
  };

  const violated = ({ policyName, enforcementLevel, message, resourceUrn }: PolicyEvent) => {
    const text =
      `policy ${policyName}: ` +
      `${plain(message).trim().split("\n").at(-1)}${resourceUrn === undefined ? "" : ` (${resourceUrn.split("::").at(-1)})`}`;
    if (enforcementLevel === "mandatory") errors.push(text);
    else print(`  warning: ${text}`);
  };

  return {
    errors,
    onEvent: (event) => {
      const before = event.resourcePreEvent;
      const after = event.resOutputsEvent;
      if (event.diagnosticEvent) diagnose(event.diagnosticEvent);
      if (event.policyEvent) violated(event.policyEvent);
      if (before && isWorthALine(before.metadata)) {
        if (before.planning === true) {
          print(`  ${plannedStep(before.metadata)}`);
        } else {
          const what = `${verbs[before.metadata.op]?.[0]} ${nameOf(before.metadata)}`;
          running.set(before.metadata.urn, {
            what,
            since: now(),
            noted: now(),
            namespace: awaitedNamespace(before.metadata),
          });
        }
      }
      if (after && after.planning !== true && isWorthALine(after.metadata)) {
        const began = running.get(after.metadata.urn)?.since ?? now();
        running.delete(after.metadata.urn);
        print(
          `  ${verbs[after.metadata.op]?.[1]} ${nameOf(after.metadata)}${now() - began < 2_000 ? "" : ` (${seconds(now() - began)})`}`,
        );
      }
      if (event.resOpFailedEvent) {
        running.delete(event.resOpFailedEvent.metadata.urn);
        print(`  failed: ${nameOf(event.resOpFailedEvent.metadata)}`);
      }
    },
    stop: () => clearInterval(timer),
  };
}

/** One line of a preview: the sign, the resource, and the properties that differ. */
export function plannedStep(step: StepEventMetadata): string {
  const signs: Record<string, string> = {
    create: "+",
    update: "~",
    delete: "-",
    replace: "+-",
    "create-replacement": "++",
    "delete-replaced": "--",
    import: "=",
  };
  const changed = Object.keys(step.detailedDiff ?? {});
  const paths = changed.length > 0 ? changed : (step.diffs ?? []);
  const detail =
    step.op === "update" || step.op.includes("replace")
      ? paths.slice(0, 8).join(", ") + (paths.length > 8 ? ", ..." : "")
      : "";
  return `${(signs[step.op] ?? "?").padEnd(2)} ${nameOf(step)}${detail === "" ? "" : `  [${detail}]`}`;
}

/** "3 created, 1 updated, 20 unchanged"; for a plan "3 to be created …"; without changes "no changes, 24 unchanged". */
export function summary(changes: OpMap, { planned = false } = {}): string {
  const words: [keyof OpMap, string][] = [
    ["create", "created"],
    ["update", "updated"],
    ["replace", "replaced"],
    ["delete", "deleted"],
    ["import", "imported"],
  ];
  const parts = words.flatMap(([op, word]) =>
    changes[op] ? [`${changes[op]} ${planned ? "to be " : ""}${word}`] : [],
  );
  const same = changes.same === undefined ? [] : [`${changes.same} unchanged`];
  return [...(parts.length === 0 ? ["no changes"] : parts), ...same].join(", ");
}

/** How many resources an operation touched. */
export function changeCount(changes: OpMap): number {
  return Object.entries(changes).reduce(
    (sum, [op, count]) => (op === "same" || op === "read" || op === "refresh" ? sum : sum + (count ?? 0)),
    0,
  );
}

/** "Release logharbor-minio" from a step. */
export function nameOf({ urn, type }: Pick<StepEventMetadata, "urn" | "type">): string {
  return `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;
}

/** The namespace of a step that ends only when its pods are done. */
function awaitedNamespace({ type, new: next }: StepEventMetadata): string | undefined {
  const inputs = next?.inputs as { namespace?: unknown; metadata?: { namespace?: unknown } } | undefined;
  const namespace = type.endsWith(":Release")
    ? inputs?.namespace
    : type.endsWith(":Job")
      ? inputs?.metadata?.namespace
      : undefined;
  return typeof namespace === "string" ? namespace : undefined;
}

function isWorthALine({ op, new: next, old, type }: StepEventMetadata): boolean {
  const custom = (next ?? old)?.custom === true;
  return op in verbs && custom && !type.startsWith("pulumi:");
}

/** Whether the program itself said this, about a component of its own. Providers say much more. */
function isOurs({ urn }: DiagnosticEvent): boolean {
  return urn !== undefined && /[$:]logharbor:index:\w+::[^:]*$/.test(urn);
}

/** The first line identifies a warning: retries of one step differ only in the lines after it. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

/** The engine marks colours as `<{%fg 1%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
