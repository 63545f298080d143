import { pages, type PagedQuery } from "./pages";
import { patiently } from "./patience";
import { keyOf, queryRange, type Entry, type LokiAccess } from "./query";

/** A line of a group: one that was found, or one near it. */
export interface Nearby {
  entry: Entry;
  found: boolean;
}

/** How far from a found line its neighbours may be: an hour. */
const reachNs = 3_600_000_000_000n;
/** Lines that are asked for besides the neighbours, for those that have the found line's own timestamp. */
const spareLines = 1_000;

/**
 * Each found line with its neighbours: lines that the same container wrote before and after it, at most an hour away.
 * @param lines neighbours on each side
 */
export async function around(
  loki: LokiAccess,
  found: readonly Entry[],
  query: Omit<PagedQuery, "query" | "start" | "end" | "direction"> & { lines: number },
): Promise<Nearby[][]> {
  const windows: Nearby[][] = [];
  for (const entry of found) windows.push(await windowOf(loki, entry, query));
  return grouped(windows);
}

async function windowOf(
  loki: LokiAccess,
  hit: Entry,
  { lines, ...query }: Parameters<typeof around>[2],
): Promise<Nearby[]> {
  const [time, source] = [BigInt(hit.timestampNs), sourceOf(hit)];
  const earlier = { query: source, start: time - reachNs, end: time, limit: lines, signal: query.signal };
  const before = await patiently(() => queryRange(loki, earlier), query);
  const after: Entry[] = [];
  const pageLines = Math.min(query.pageLines, lines + spareLines);
  for await (const page of pages(loki, { ...query, query: source, start: time, end: time + reachNs, pageLines })) {
    after.push(...page.entries);
    if (after.length > placeOf(hit, after) + lines) break;
  }
  const entries = [...before, ...after];
  const place = before.length + placeOf(hit, after);
  return entries
    .map((entry, index) => ({ entry, found: index === place }))
    .slice(Math.max(0, place - lines), place + lines + 1);
}

/** Where a line is among those from its moment on. A query may have rewritten its text (`line_format`). */
function placeOf(hit: Entry, entries: readonly Entry[]): number {
  return Math.max(
    0,
    entries.findIndex((entry) => keyOf(entry) === keyOf(hit)),
  );
}

/** The query for all lines of a line's container. Pure. */
export function sourceOf({ labels, metadata }: Entry): string {
  // Loki splits a fast stream by a label of its own.
  const matchers = Object.entries(labels).flatMap(([name, value]) =>
    name === "__stream_shard__" ? [] : [`${name}=${JSON.stringify(value)}`],
  );
  const pod = metadata.pod === undefined ? "" : ` | pod=${JSON.stringify(metadata.pod)}`;
  return `{${matchers.join(", ")}}${pod}`;
}

/** Windows as groups: those of one container that overlap become one. Pure. */
export function grouped(windows: readonly Nearby[][]): Nearby[][] {
  // A Map keeps the order in which lines were added.
  const groups: Map<string, Nearby>[] = [];
  const latest = new Map<string, Map<string, Nearby>>();
  for (const window of windows) {
    const source = sourceOf(window[0]!.entry);
    let group = latest.get(source);
    if (group === undefined || !window.some(({ entry }) => group!.has(keyOf(entry)))) {
      group = new Map();
      groups.push(group);
      latest.set(source, group);
    }
    for (const { entry, found } of window) {
      const key = keyOf(entry);
      group.set(key, { entry, found: found || group.get(key)?.found === true });
    }
  }
  return groups.map((group) => [...group.values()]);
}
