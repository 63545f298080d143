import type { EventContent } from "./events";

const verbs: Record<string, [doing: string, done: string]> = {
  create: ["creating", "created"],
  update: ["updating", "updated"],
  delete: ["deleting", "deleted"],
  replace: ["replacing", "replaced"],
  "create-replacement": ["creating the new", "created the new"],
  "delete-replaced": ["deleting the old", "deleted the old"],
  import: ["importing", "imported"],
};

const signs: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  import: "=",
};

/** Whether people want to read of a step with this name: not if it changes nothing. */
export function isChange(action: string): boolean {
  return action in verbs;
}

/** An event as a line for people. Undefined for what the result of the operation tells anyway. Pure. */
export function eventText(event: EventContent): string | undefined {
  switch (event.type) {
    case "resource": {
      const what = `${event.kind} ${event.name}`;
      if (event.state === "planned") return `  ${signs[event.action] ?? "?"}`.padEnd(5) + what + pathsText(event.paths);
      if (event.state === "failed") return `  failed: ${what}`;
      if (event.state === "started") return undefined;
      const took = event.seconds === undefined || event.seconds < 2 ? "" : ` (${Math.round(event.seconds)} s)`;
      return `  ${verbs[event.action]?.[1]} ${what}${took}`;
    }
    case "progress": {
      const why = event.waitsFor.length === 0 ? "" : `: ${event.waitsFor.join("; ")}`;
      return `  ... ${verbs[event.action]?.[0]} ${event.kind} ${event.name}, ${Math.round(event.seconds)} s${why}`;
    }
    case "log":
      if (event.severity === "error") return undefined;
      return `  ${event.severity === "warning" ? "warning: " : ""}${event.text}`;
    case "finding":
      return event.source === "policy" ? `  warning: ${event.problem}` : undefined;
    case "danger":
    case "operation":
      return undefined;
  }
}

function pathsText(paths: readonly string[] = []): string {
  return paths.length === 0 ? "" : `  [${paths.slice(0, 8).join(", ")}${paths.length > 8 ? ", ..." : ""}]`;
}
