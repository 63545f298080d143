import { parser } from "@grafana/lezer-logql";

/* LogQL as Grafana's own grammar reads it. */

/** A matcher of a stream selector, such as `namespace=~"team-.*"`. */
export interface Matcher {
  label: string;
  operator: "=" | "!=" | "=~" | "!~";
  /** The value without quotes and escapes. */
  value: string;
}

/** A stream selector of a query, with the stages behind it. */
export interface Selection {
  matchers: Matcher[];
  /** Place behind its last matcher, counted in characters from 0: where another matcher can be added. */
  end: number;
  /** Its filters on the line, in order. */
  lineFilters: { operator: string; value: string }[];
  /** Its filters on labels, in order. Undefined is one that is more than a comparison with a text. */
  labelFilters: (Matcher | undefined)[];
}

/** Where a query is wrong. */
export interface Fault {
  /** Characters before the place, from 0. */
  at: number;
  /** What stands there, in quotes. Undefined at the end. */
  found?: string;
}

type Tree = ReturnType<typeof parser.parse>;
type Node = Tree["topNode"];

/** The first fault of a query; undefined if it has none. */
export function faultIn(query: string): Fault | undefined {
  let fault: Fault | undefined;
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (fault !== undefined || !type.isError) return;
      const rest = query.slice(from, to > from ? to : from + 12).trim();
      fault = { at: from, ...(rest === "" ? {} : { found: `"${rest}"` }) };
    },
  });
  return fault;
}

/** Whether a valid query yields numbers, not lines. */
export function yieldsNumbers(query: string): boolean {
  return descendants(parser.parse(query).topNode, "Expr")[0]?.getChildren("MetricExpr").length === 1;
}

/** Every stream selector of a valid query, from left to right. */
export function selectionsIn(query: string): Selection[] {
  const text = ({ from, to }: Node) => query.slice(from, to);
  return descendants(parser.parse(query).topNode, "Selector").map((selector) => {
    const matchers = descendants(selector, "Matcher");
    const stages = selector.parent === null ? [] : descendants(selector.parent, "PipelineStage");
    return {
      matchers: matchers.map((node) => matcherOf(node, text)),
      end: matchers.at(-1)?.to ?? selector.from + 1,
      lineFilters: stages
        .flatMap((stage) => descendants(stage, "LineFilter"))
        .map((filter) => ({
          operator: text(filter.getChild("Filter") ?? filter),
          value: unquoted(text(filter.getChild("String") ?? filter)),
        })),
      labelFilters: stages
        .flatMap((stage) => descendants(stage, "LabelFilter"))
        .map((filter) =>
          filter.getChild("Matcher") === null ? undefined : matcherOf(filter.getChild("Matcher")!, text),
        ),
    };
  });
}

/** Whether a value passes a matcher. Loki anchors a regular expression at both ends. */
export function passes({ operator, value }: Pick<Matcher, "operator" | "value">, candidate: string): boolean {
  if (operator === "=" || operator === "!=") return (candidate === value) === (operator === "=");
  return matches(value, candidate, true) === (operator === "=~");
}

/**
 * Whether a regular expression of Go matches a text. One that JavaScript does not know counts as a match.
 * @param anchored whether it must match the whole text. Default: false.
 */
export function matches(go: string, text: string, anchored = false): boolean {
  const [, flags = "", pattern = go] = /^\(\?([is]+)\)(.*)$/s.exec(go) ?? [];
  try {
    return new RegExp(anchored ? `^(?:${pattern})$` : pattern, flags).test(text);
  } catch {
    return true;
  }
}

function matcherOf(node: Node, text: (node: Node) => string): Matcher {
  const [label, operator, value] = [node.firstChild, node.firstChild?.nextSibling, node.lastChild].map((child) =>
    text(child ?? node),
  ) as [string, Matcher["operator"], string];
  return { label, operator, value: unquoted(value) };
}

/** The text that a LogQL string stands for. */
export function unquoted(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1, -1);
  }
}

/** Nodes with a name below a node, outermost first. */
function descendants(node: Node, name: string): Node[] {
  const found: Node[] = [];
  node.cursor().iterate((reference) => {
    if (reference.name === name) found.push(reference.node);
  });
  return found;
}
