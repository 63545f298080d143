import { askLoki, type LokiAccess } from "../../logs/query";
import type { Settings } from "../../config/settings";
import { statsIn } from "../../logs/stats";
import type { QueryFacts } from "./judge";
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
      ? { stats: statsIn((JSON.parse(ran.body) as { data: { stats?: unknown } }).data.stats) }
      : { refused: { status: ran.status, words: ran.body.trim() } }),
    ...(labels === undefined ? {} : { labels: there }),
    values: new Map(values),
    index,
  };
}
