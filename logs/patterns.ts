import { OperatorError } from "../domain/problem";
import { dataOf, Refusal, type LokiAccess } from "./query";
import { spanParameters, type Selected } from "./selected";

/** Lines of the same form. */
export interface Pattern {
  /** A line with `<_>` wherever lines differ. LogQL takes it as a filter: `|> "…"`. */
  pattern: string;
  /** The level of its lines; empty if Loki found none. */
  level: string;
  lines: number;
}

/**
 * The patterns of the chosen streams, the most frequent first. Loki knows those of the last three hours, with at least
 * 30 lines.
 * @throws OperatorError if this Loki looks for no patterns (`loki.patterns`).
 */
export async function patternsOf(loki: LokiAccess, selected: Selected): Promise<Pattern[]> {
  const parameters = { ...spanParameters(selected), query: selected.selector };
  const found = await dataOf<{ pattern: string; level?: string; samples: [number, number][] }[] | undefined>(loki, {
    path: "patterns",
    parameters,
  }).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    throw new OperatorError(
      "This stack's Loki looks for no patterns.",
      "set logharbor:loki.patterns to true, then `npm run up`",
    );
  });
  const patterns = (found ?? []).map(({ pattern, level = "", samples }) => ({
    pattern,
    level,
    lines: samples.reduce((sum, [, lines]) => sum + lines, 0),
  }));
  return patterns.sort((a, b) => b.lines - a.lines);
}
