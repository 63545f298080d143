import { matches, passes, selectionsIn, type Selection } from "../domain/logql";
import { partNames } from "../domain/parts";
import type { Settings } from "./settings";

type Namespaces = Settings["namespaces"];

/**
 * The query without the logs of the platform itself: Loki logs the text of each query, so a rule that looks for
 * "error" everywhere would find itself. A selector that names a namespace of the platform stays as it is.
 */
export function leavingOutPlatform(expr: string, namespaces: Namespaces): string {
  const own = [...new Set(partNames.map((part) => namespaces[part]))].sort();
  return selectionsIn(expr)
    .filter(
      ({ matchers }) => matchers.length > 0 && own.some((name) => admits(matchers, name)) && admits(matchers, stranger),
    )
    .reverse()
    .reduce((text, { end }) => `${text.slice(0, end)}, namespace!~"${own.join("|")}"${text.slice(end)}`, expr);
}

/** A namespace that no selector names, but that one for every namespace admits. */
const stranger = "a-namespace-that-nobody-names";

/**
 * Whether a rule can find its own evaluation in Loki's log. Judged by the line that Loki writes about a query: the
 * rule's filters on lines, and on the level.
 */
export function findsItself(expr: string, { loki }: Pick<Namespaces, "loki">): boolean {
  const logged = `level=info caller=metrics.go component=ruler query=${JSON.stringify(expr)} query_type=metric status=200`;
  return selectionsIn(expr).some(
    ({ labelFilters, lineFilters, matchers }) =>
      admits(matchers, loki) &&
      lineFilters.every((filter) => letsThrough(filter, logged)) &&
      labelFilters.every((filter) => filter !== undefined && filter.label.endsWith("level") && passes(filter, "info")),
  );
}

function admits(matchers: Selection["matchers"], namespace: string): boolean {
  return matchers.filter(({ label }) => label === "namespace").every((matcher) => passes(matcher, namespace));
}

function letsThrough({ operator, value }: Selection["lineFilters"][number], line: string): boolean {
  const found = { "|=": () => line.includes(value), "!=": () => line.includes(value) }[operator];
  if (found !== undefined) return found() === (operator === "|=");
  if (operator === "|~" || operator === "!~") return matches(value, line) === (operator === "|~");
  return true;
}
