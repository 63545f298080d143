/** A text as a string literal of Alloy's syntax. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/**
 * A selector of `stage.match`: the labels that have a value here, and expressions that the line matches, as a string
 * literal. Without a label it is for every stream. Only lines of pods surely have a namespace: files of nodes and some
 * events have none.
 */
export function selecting(
  labels: Readonly<Record<string, string | undefined>>,
  expressions: readonly (string | undefined)[] = [],
): string {
  const matchers = Object.entries(labels).flatMap(([label, value]) =>
    value === undefined ? [] : [`${label}=${quote(value)}`],
  );
  const filters = expressions.flatMap((expression) => (expression === undefined ? [] : [` |~ ${quote(expression)}`]));
  return quote(`{${matchers.length > 0 ? matchers.join(", ") : '__none__=""'}}${filters.join("")}`);
}
