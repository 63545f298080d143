import { dataOf, type LokiAccess } from "./query";
import { spanParameters, type Selected } from "./selected";

/** How much a group of streams wrote. */
export interface Volume {
  /** The labels that the group shares. */
  labels: Record<string, string>;
  /**
   * Bytes of lines and structured metadata, before compression. Where ingesters hold several copies of each line, Loki
   * counts those that are not stored yet too.
   */
  bytes: number;
}

/**
 * How much the chosen streams wrote, largest first. Loki answers from its index, without reading a line; a part of a
 * chunk that the range cuts counts by its share.
 * @param by index labels to group by
 * @param limit most groups
 */
export async function volumeOf(
  loki: LokiAccess,
  selected: Selected,
  { by, limit }: { by: readonly string[]; limit: number },
): Promise<Volume[]> {
  const { result } = await dataOf<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(loki, {
    path: "index/volume",
    parameters: {
      ...spanParameters(selected),
      query: selected.selector,
      targetLabels: by.join(","),
      aggregateBy: "series",
      limit: String(limit),
    },
  });
  return result
    .map(({ metric, value: [, bytes] }) => ({
      labels: Object.fromEntries(by.flatMap((name) => (name in metric ? [[name, metric[name]!]] : []))),
      bytes: Number(bytes),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}
