import { queryRange, type Entry, type LokiAccess } from "../../logs/query";

/** Loki's own limit for one answer. */
const pageSize = 5000;

/**
 * All lines that a query finds from `start` on, oldest first. It pages by time. It cuts a full page before its last
 * millisecond, and begins the next page there, so that it misses no line and reads none twice.
 */
export async function readAll(loki: LokiAccess, query: string, start: Date): Promise<Entry[]> {
  const end = new Date(Date.now() + 60_000);
  const entries: Entry[] = [];
  for (let from = start; ;) {
    const page = await queryRange(loki, { query, start: from, end, limit: pageSize, direction: "forward" });
    if (page.length < pageSize) return [...entries, ...page];
    const last = milliseconds(page.at(-1)!);
    const kept = page.filter((entry) => milliseconds(entry) < last);
    if (kept.length === 0) throw new Error(`${pageSize} lines in one millisecond: cannot page through them`);
    entries.push(...kept);
    from = new Date(last);
  }
}

export function milliseconds({ timestampNs }: Entry): number {
  return Number(BigInt(timestampNs) / 1_000_000n);
}
