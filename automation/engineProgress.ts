import type { DiagnosticEvent, EngineEvent, OpMap, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { isChange } from "./eventText";
import type { EventContent } from "./events";

export interface EngineProgress {
  onEvent(event: EngineEvent): void;
  /** The errors that the engine reported, each once, in order. */
  readonly errors: readonly string[];
  stop(): void;
}

/** A step of the engine that is not done yet. */
interface RunningStep {
  metadata: StepEventMetadata;
  since: number;
  noted: number;
}

const waitNotesMs = 15_000;

/**
 * Turns the engine's events into ours: what was done and how long it took, and, while a step takes long, what it waits
 * for. `whyWaiting` answers that for the namespace of a release or a Job. Skips components, providers, the stack
 * itself, and steps that change nothing.
 */
export function engineProgress(
  emit: (event: EventContent) => void,
  whyWaiting: (namespace: string) => Promise<string[]> = () => Promise.resolve([]),
): EngineProgress {
  const running = new Map<string, RunningStep>();
  const errors: string[] = [];
  const warnings = new Set<string>();
  const notes = new Set<string>();
  const secondsSince = (since: number) => (Date.now() - since) / 1000;

  const noteWait = async ({ metadata, since }: RunningStep) => {
    const namespace = awaitedNamespace(metadata);
    const waitsFor = namespace === undefined ? [] : await whyWaiting(namespace);
    emit({ ...stepOf(metadata), type: "progress", seconds: secondsSince(since), waitsFor });
  };
  const timer = setInterval(() => {
    for (const step of running.values()) {
      if (Date.now() - step.noted >= waitNotesMs) {
        step.noted = Date.now();
        void noteWait(step);
      }
    }
  }, 1_000).unref();

  const diagnose = (event: DiagnosticEvent) => {
    const text = plain(event.message).trim();
    if (event.severity === "error" && text !== "" && !errors.includes(text)) {
      errors.push(text);
      emit({ type: "log", severity: "error", text });
    } else if (event.severity === "warning" && !warnings.has(firstLine(text))) {
      warnings.add(firstLine(text));
      emit({ type: "log", severity: "warning", text });
    } else if (event.severity === "info" && isOurs(event) && !notes.has(text)) {
      notes.add(text);
      emit({ type: "log", severity: "info", text });
    }
  };

  const violated = ({ policyName, enforcementLevel, message, resourceUrn }: PolicyEvent) => {
    const problem =
      `policy ${policyName}: ` +
      `${plain(message).trim().split("\n").at(-1)}${resourceUrn === undefined ? "" : ` (${resourceUrn.split("::").at(-1)})`}`;
    if (enforcementLevel === "mandatory") errors.push(problem);
    emit({ type: "finding", source: "policy", problem, remedy: [] });
  };

  return {
    errors,
    onEvent: (event) => {
      const before = event.resourcePreEvent;
      const after = event.resOutputsEvent;
      if (event.diagnosticEvent) diagnose(event.diagnosticEvent);
      if (event.policyEvent) violated(event.policyEvent);
      if (before && isWorthALine(before.metadata)) {
        const { metadata } = before;
        if (before.planning === true) {
          emit({ ...stepOf(metadata), type: "resource", state: "planned", ...changedPaths(metadata) });
        } else {
          running.set(metadata.urn, { metadata, since: Date.now(), noted: Date.now() });
          emit({ ...stepOf(metadata), type: "resource", state: "started" });
        }
      }
      if (after && after.planning !== true && isWorthALine(after.metadata)) {
        const began = running.get(after.metadata.urn)?.since ?? Date.now();
        running.delete(after.metadata.urn);
        emit({ ...stepOf(after.metadata), type: "resource", state: "done", seconds: secondsSince(began) });
      }
      if (event.resOpFailedEvent) {
        running.delete(event.resOpFailedEvent.metadata.urn);
        emit({ ...stepOf(event.resOpFailedEvent.metadata), type: "resource", state: "failed" });
      }
    },
    stop: () => clearInterval(timer),
  };
}

function stepOf({ op, type, urn }: StepEventMetadata) {
  return { action: op, kind: type.split(":").at(-1) ?? "", name: urn.split("::").at(-1) ?? "", urn };
}

/** The properties that an update or a replacement changes. */
function changedPaths({ detailedDiff, diffs, op }: StepEventMetadata): { paths?: string[] } {
  if (op !== "update" && !op.includes("replace")) return {};
  const changed = Object.keys(detailedDiff ?? {});
  return { paths: changed.length > 0 ? changed : (diffs ?? []) };
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
  return isChange(op) && custom && !type.startsWith("pulumi:");
}

/** Whether the program itself said this, about a component of its own. Providers say much more. */
function isOurs({ urn }: DiagnosticEvent): boolean {
  return urn !== undefined && /[$:]logharbor:index:\w+::[^:]*$/.test(urn);
}

/** The first line identifies a warning: retries of one step differ only in the lines after it. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** The engine marks colours as `<{%fg 1%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
