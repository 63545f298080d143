/** What Loki counted while it ran a query; the fields of `data.stats` that tell something. */
export interface QueryStats {
  execSeconds: number;
  queueSeconds: number;
  bytes: number;
  lines: number;
  returned: number;
  splits: number;
  shards: number;
  chunks: number;
  chunksDownloaded: number;
  /** Chunks asked of the chunk cache, and found there. */
  cacheAsked: number;
  cacheFound: number;
  /** Parts of the result asked of the results cache, and found there. */
  resultsAsked: number;
  resultsFound: number;
}

/** The statistics in Loki's answer to a query: its `data.stats`. A figure that it leaves out is 0. Pure. */
export function statsIn(stats: unknown): QueryStats {
  const at = (path: string): number => {
    const value = path
      .split(".")
      .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], stats);
    return typeof value === "number" ? value : 0;
  };
  const both = (path: string) => at(`ingester.${path}`) + at(`querier.${path}`);
  return {
    execSeconds: at("summary.execTime"),
    queueSeconds: at("summary.queueTime"),
    bytes: at("summary.totalBytesProcessed"),
    lines: at("summary.totalLinesProcessed"),
    returned: at("summary.totalEntriesReturned"),
    splits: at("summary.splits"),
    shards: at("summary.shards"),
    chunks: both("store.totalChunksRef"),
    chunksDownloaded: both("store.totalChunksDownloaded"),
    cacheAsked: at("cache.chunk.entriesRequested"),
    cacheFound: at("cache.chunk.entriesFound"),
    resultsAsked: at("cache.result.entriesRequested"),
    resultsFound: at("cache.result.entriesFound"),
  };
}

/** The statistics of several answers as one. Pure. */
export function sumOf(all: readonly QueryStats[]): QueryStats {
  const sum = statsIn({});
  const names = Object.keys(sum) as (keyof QueryStats)[];
  for (const stats of all) names.forEach((name) => (sum[name] += stats[name]));
  return sum;
}
