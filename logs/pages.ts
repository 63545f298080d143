import { OperatorError } from "../domain/problem";
import { patiently, type Patience } from "./patience";
import { queryOnce, Refusal, type Answer, type Entry, type LokiAccess } from "./query";
import type { QueryStats } from "./stats";

export interface PagedQuery extends Patience {
  /** LogQL: a log query, not a metric query. */
  query: string;
  /** The first moment of the range, in nanoseconds since 1970. */
  start: bigint;
  /** The first moment after the range. */
  end: bigint;
  /** Most lines in one answer, at most Loki's `max_entries_limit_per_query`. */
  pageLines: number;
  /** Which end of the range comes first. Default "forward": the oldest lines. */
  direction?: "forward" | "backward";
}

/** A part of a range. */
export interface Page {
  /** Oldest first. */
  entries: Entry[];
  /** How much of the range is done, from 0 to 1. */
  share: number;
  stats: QueryStats;
}

/**
 * Every line of a range, page by page: none twice, none left out, while Loki comes and goes.
 *
 * A full answer may end in the middle of a moment, since streams write at the same nanosecond. So the lines of its
 * last moment are put aside, and the next page begins with that moment.
 * @throws OperatorError when Loki refuses the query, and when more lines have one timestamp than fit into an answer.
 */
export async function* pages(loki: LokiAccess, query: PagedQuery): AsyncGenerator<Page> {
  const { direction = "forward", pageLines, signal } = query;
  const [length, forward] = [query.end - query.start, direction === "forward"];
  let [start, end, limit] = [query.start, query.end, pageLines];
  while (start < end) {
    const asked = { query: query.query, start, end, limit, direction, signal };
    const answer = await patiently(() => orTooLarge(queryOnce(loki, asked)), query);
    if (answer === "too large") {
      if (limit === 1) throw tooLarge();
      limit = Math.floor(limit / 2);
      continue;
    }
    const { entries, stats } = answer;
    const edge = (forward ? entries.at(-1) : entries[0])?.timestampNs;
    if (entries.length < limit || edge === undefined) {
      yield { entries, share: 1, stats };
      return;
    }
    const whole = entries.filter(({ timestampNs }) => timestampNs !== edge);
    if (whole.length === 0) throw crowded(edge, limit);
    if (forward) start = BigInt(edge);
    else end = BigInt(edge) + 1n;
    yield { entries: whole, share: 1 - Number(end - start) / Number(length), stats };
  }
}

/**
 * The newest lines of a range, oldest first.
 * @param limit most lines; they are held in memory
 */
export async function newest(
  loki: LokiAccess,
  query: Omit<PagedQuery, "direction"> & { limit: number; onPage?: (page: Page, lines: number) => void },
): Promise<Entry[]> {
  const { end, limit, onPage, pageLines, start } = query;
  if (limit <= pageLines) {
    // One answer is enough, and it may end in the middle of a moment.
    const asked = { query: query.query, start, end, limit, signal: query.signal };
    const answer = await patiently(() => orTooLarge(queryOnce(loki, asked)), query);
    if (answer !== "too large") {
      onPage?.({ ...answer, share: 1 }, answer.entries.length);
      return answer.entries;
    }
  }
  const found: Entry[][] = [];
  let lines = 0;
  for await (const page of pages(loki, { ...query, direction: "backward" })) {
    found.push(page.entries);
    lines += page.entries.length;
    onPage?.(page, lines);
    if (lines >= limit) break;
  }
  return found.reverse().flat().slice(-limit);
}

/** An answer, or that it is too large for a message between two processes of Loki. */
async function orTooLarge(asked: Promise<Answer>): Promise<Answer | "too large"> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && /larger than (the )?max/i.test(error.message)) return "too large";
    throw error;
  }
}

function crowded(timestampNs: string, lines: number): OperatorError {
  return new OperatorError(
    `At ${timestampNs} ns (${new Date(Number(BigInt(timestampNs) / 1_000_000n)).toISOString()}) there are ${lines} lines ` +
      "or more. One answer of Loki holds no more, so some of them would be lost.",
    [
      "narrow the query, by --pod or --grep for example",
      "raise logharbor:loki.limits.maxEntriesLimitPerQuery, at most to what a message of 100 MiB holds",
    ],
  );
}

function tooLarge(): OperatorError {
  return new OperatorError("A single line is too large for an answer of Loki.", "leave it out: add != to the query");
}
