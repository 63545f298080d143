import { dataOf, type LokiAccess } from "./query";
import { spanParameters, type Selected } from "./selected";

/** What Alloy and Loki store with each line but do not index. */
export const metadataNames = ["pod", "stream", "detected_level"] as const;

/** Names of the index labels of the chosen streams. */
export async function labelNames(loki: LokiAccess, selected: Selected): Promise<string[]> {
  const parameters = { ...spanParameters(selected), query: selected.selector };
  return (await dataOf<string[] | undefined>(loki, { path: "labels", parameters })) ?? [];
}

/**
 * Values of a label in the chosen streams, sorted. Those of an index label come from the index; those of structured
 * metadata are counted from the lines, which takes longer.
 */
export async function labelValues(loki: LokiAccess, name: string, selected: Selected): Promise<string[]> {
  const parameters = { ...spanParameters(selected), query: selected.selector };
  const indexed = await dataOf<string[] | undefined>(loki, { path: `label/${name}/values`, parameters });
  if (indexed !== undefined && indexed.length > 0) return indexed.sort();
  if (!metadataNames.some((one) => one === name)) return [];
  const seconds = (selected.end - selected.start) / 1_000_000_000n;
  const { result } = await dataOf<{ result: { metric: Record<string, string> }[] }>(loki, {
    path: "query",
    parameters: {
      query: `sum by (${name}) (count_over_time(${selected.selector} [${seconds}s]))`,
      time: String(selected.end),
    },
  });
  return result.flatMap(({ metric }) => metric[name] ?? []).sort();
}
