import { askLoki, type LokiAccess } from "../../logs/query";
import type { Settings } from "../../config/settings";
import type { QueryFacts, QueryStats } from "./judge";
import { selectorOf, selectorText } from "./selector";

/** Lines that the query is run with, as `npm run logs` runs it. */
const limit = 100;

/** Runs a query, and asks Loki what it has for its selector. */
export async function gatherQuery(
  loki: LokiAccess,
  { query, sinceMs }: { query: string; sinceMs: number },
  settings: Settings,
): Promise<QueryFacts> {
  const end = Date.now();
  const times = { start: `${end - sinceMs}000000`, end: `${end}000000` };
  const ask = (path: string, parameters: Record<string, string>) =>
    askLoki(loki, { path, parameters: { ...times, ...parameters } });
  const data = async <T>(path: string, parameters: Record<string, string> = {}): Promise<T | undefined> => {
    const { status, body } = await ask(path, parameters);
    return status === 200 ? (JSON.parse(body) as T) : undefined;
  };
  const selector = selectorOf(query);
  const [ran, labels, index] = await Promise.all([
    ask("query_range", { query, limit: String(limit) }),
    data<{ data?: string[] }>("labels"),
    selector === undefined
      ? undefined
      : data<NonNullable<QueryFacts["index"]>>("index/stats", { query: selectorText(selector.matchers) }),
  ]);
  const there = labels?.data ?? [];
  const named = [...new Set(selector?.matchers.map(({ label }) => label) ?? [])].filter((label) =>
    there.includes(label),
  );
  const values = await Promise.all(
    named.map(async (label): Promise<[string, string[]]> => [
      label,
      (await data<{ data?: string[] }>(`label/${label}/values`))?.data ?? [],
    ]),
  );
  return {
    query,
    sinceMs,
    settings,
    ...(ran.status === 200
      ? { stats: statsIn(ran.body) }
      : { refused: { status: ran.status, words: ran.body.trim() } }),
    ...(labels === undefined ? {} : { labels: there }),
    values: new Map(values),
    index,
  };
}

/** The statistics in Loki's answer to a query. A figure that it leaves out is 0. Pure. */
export function statsIn(body: string): QueryStats {
  const { data } = JSON.parse(body) as { data: { stats?: unknown } };
  const at = (path: string): number => {
    const value = path
      .split(".")
      .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], data.stats);
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
