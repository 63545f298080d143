/**
 * Which lines to show, in the words of kubectl and stern. Each list takes any of its values. A line must pass every
 * list that is not empty.
 */
export interface LineFilter {
  /** Names; `*` stands for any characters. */
  namespaces?: readonly string[];
  apps?: readonly string[];
  containers?: readonly string[];
  pods?: readonly string[];
  /** Levels that Loki found in the line. */
  levels?: readonly Level[];
  /** Regular expressions (RE2) that may match anywhere in the line. */
  greps?: readonly string[];
}

/** The levels that Loki finds in a line, as it writes them. */
export const levels = ["trace", "debug", "info", "warn", "error", "critical", "fatal", "unknown"] as const;
export type Level = (typeof levels)[number];

/**
 * The LogQL query for a filter. Pure.
 *
 * Namespace, app and container are index labels, so they choose streams. Pod and level are looked up in the chosen
 * streams. A filter behind the selector finds the pod both as structured metadata and as a label, so it also finds
 * lines from before a change of `alloy.podAs`. The filter on the line comes first, because it is the fastest.
 */
export function logqlOf({ greps = [], levels = [], pods = [], ...filter }: LineFilter): string {
  return [
    selectorFor(filter),
    ...(greps.length === 0 ? [] : [`|~ ${quoted(greps.length === 1 ? greps[0]! : anyOf(greps))}`]),
    ...matcher("pod", pods).map((one) => `| ${one}`),
    ...matcher("detected_level", levels).map((one) => `| ${one}`),
  ].join(" ");
}

/** The stream selector for a filter. Without any name it takes every namespace, since Loki wants a matcher. Pure. */
export function selectorFor({
  apps = [],
  containers = [],
  namespaces = [],
}: Pick<LineFilter, "apps" | "containers" | "namespaces">): string {
  const matchers = [...matcher("namespace", namespaces), ...matcher("app", apps), ...matcher("container", containers)];
  return `{${matchers.length === 0 ? 'namespace=~".+"' : matchers.join(", ")}}`;
}

function matcher(label: string, names: readonly string[]): string[] {
  const [first] = names;
  if (first === undefined) return [];
  if (names.length === 1 && !first.includes("*")) return [`${label}=${quoted(first)}`];
  return [`${label}=~${quoted(names.map(globbed).join("|"))}`];
}

/** A name as a regular expression, which Loki matches against the whole value. */
function globbed(name: string): string {
  return name
    .split("*")
    .map((part) => part.replace(/[\\.+?()|[\]{}^$]/g, String.raw`\$&`))
    .join(".*");
}

function anyOf(expressions: readonly string[]): string {
  return expressions.map((one) => `(?:${one})`).join("|");
}

/** A string of LogQL. Its escapes are those of JSON, so quotes, backslashes and line breaks are safe. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
