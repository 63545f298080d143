import { unquoted, type Matcher } from "../../domain/logql";

/** The stream selector of a query, and where it stands in the text. */
export interface Selector {
  start: number;
  end: number;
  matchers: readonly Matcher[];
}

// Not the grammar of alerts: that refuses labels named like a word of LogQL, and half-written queries.
const text = String.raw`"(?:\\.|[^"\\])*"|${"`[^`]*`"}`;
const matcher = new RegExp(String.raw`\s*(\w+)\s*(=~|!~|!=|=)\s*(${text})\s*(?:,|$)`, "y");
const selector = new RegExp(String.raw`\{((?:${text}|[^"${"`"}}])*)\}`);

/** The first stream selector of a LogQL query. Undefined where the text is not understood: Loki judges it. Pure. */
export function selectorOf(query: string): Selector | undefined {
  const found = selector.exec(query);
  if (found === null) return undefined;
  const [whole, inside = ""] = found;
  const matchers: Matcher[] = [];
  matcher.lastIndex = 0;
  while (matcher.lastIndex < inside.trimEnd().length) {
    const [, label, operator, quoted] = matcher.exec(inside) ?? [];
    if (label === undefined || quoted === undefined) return undefined;
    matchers.push({ label, operator: operator as Matcher["operator"], value: unquoted(quoted) });
  }
  return { start: found.index, end: found.index + whole.length, matchers };
}

/** The selector as LogQL. */
export function selectorText(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(", ")}}`;
}
