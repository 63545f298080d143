import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { basicLogin } from "../domain/basicLogin";
import { OperatorError } from "../domain/problem";
import { statsIn, type QueryStats } from "./stats";

/** One log line as Loki returns it. */
export interface Entry {
  /** Nanoseconds since 1970, as text because they exceed a number's precision. */
  timestampNs: string;
  /** The stream's index labels. */
  labels: Record<string, string>;
  /** What was stored with the line but not indexed: pod, file name, … */
  metadata: Record<string, string>;
  line: string;
}

/** Where a Loki answers, and for which tenant. */
export interface LokiAccess {
  /** Such as `http://127.0.0.1:39100`. */
  url: string;
  tenant: string;
  /** The tenant's password, if a gateway asks for one. Default: none. */
  password?: string;
}

/** A moment: a Date, or nanoseconds since 1970. */
export type Moment = Date | bigint;

export interface RangeQuery {
  /** LogQL: a log query, not a metric query. */
  query: string;
  /** The first moment of the range. Default: an hour before `end`. */
  start?: Moment;
  /** The first moment after the range. Default: now. */
  end?: Moment;
  /** Default 100. Loki refuses more than its `max_entries_limit_per_query`. */
  limit?: number;
  /** Which end of the range the limit keeps. Default "backward": the newest lines. */
  direction?: "backward" | "forward";
  /** Ends the wait for an answer. Default: never. */
  signal?: AbortSignal;
}

/** What Loki answers to one query. */
export interface Answer {
  /** Oldest first. */
  entries: Entry[];
  stats: QueryStats;
}

/** With this header Loki returns index labels and structured metadata apart from each other. */
export const categorize = { "X-Loki-Response-Encoding-Flags": "categorize-labels" };
const hourNs = 3_600_000_000_000n;

type Value = [timestampNs: string, line: string, extra?: { structuredMetadata?: Record<string, string> }];
/** A stream in Loki's answer. */
export interface Stream {
  stream: Record<string, string>;
  values: Value[];
}

/**
 * Lines that a LogQL query finds in a time range, oldest first.
 * @throws OperatorError with Loki's own words when it refuses the query.
 */
export async function queryRange(loki: LokiAccess, query: RangeQuery): Promise<Entry[]> {
  return (await queryOnce(loki, query)).entries;
}

/** {@link queryRange} with what it cost. */
export async function queryOnce(loki: LokiAccess, query: RangeQuery): Promise<Answer> {
  const end = nanoseconds(query.end ?? new Date());
  const parameters = {
    query: query.query,
    start: String(query.start === undefined ? end - hourNs : nanoseconds(query.start)),
    end: String(end),
    limit: String(query.limit ?? 100),
    direction: query.direction ?? "backward",
  };
  const { resultType, result, stats } = await rangeResult<Stream>(loki, parameters, {
    headers: categorize,
    signal: query.signal,
  });
  if (resultType !== "streams") {
    throw new OperatorError(
      `${query.query} computes numbers (${resultType}), but this command prints lines.`,
      'ask for a log query, such as {namespace="default"}',
    );
  }
  if (result.length === 0) await requireExpressions(loki, query);
  // Backwards, Loki also turns round the lines of one moment.
  if (parameters.direction === "backward") result.forEach(({ values }) => values.reverse());
  return { entries: byTime(result.flatMap(entriesOf)), stats: statsIn(stats) };
}

/**
 * With labels categorized, Loki 3.7 answers a filter whose regular expression does not compile with no lines. Without,
 * it refuses it. So a query that found nothing is asked again, over one second.
 * @throws Refusal with Loki's words about the expression.
 */
async function requireExpressions(loki: LokiAccess, { query, signal }: RangeQuery): Promise<void> {
  if (!/[|!]~/.test(query)) return;
  const end = nanoseconds(new Date());
  const parameters = { query, start: String(end - 1_000_000_000n), end: String(end), limit: "1" };
  await rangeResult(loki, parameters, { signal });
}

/**
 * What a query over a time range finds: streams or series.
 * @throws OperatorError with Loki's own words when it refuses the query.
 */
export async function rangeResult<T>(
  loki: LokiAccess,
  parameters: { query: string; [name: string]: string },
  options: Pick<Question, "headers" | "signal"> = {},
): Promise<{ resultType: string; result: T[]; stats?: unknown }> {
  return dataOf(loki, { path: "query_range", parameters, ...options });
}

/**
 * The data in Loki's answer.
 * @throws Refusal with Loki's own words when it refuses the question.
 */
export async function dataOf<T>(loki: LokiAccess, question: Question): Promise<T> {
  const { status, body } = await askLoki(loki, question);
  if (status !== 200) throw new Refusal(question.parameters.query ?? question.path, status, body);
  return (JSON.parse(body) as { data: T }).data;
}

/** A question to Loki's HTTP API. */
export interface Question {
  /** Below `/loki/api/v1/`. */
  path: string;
  parameters: Record<string, string>;
  /** Besides those that name the tenant. Default: none. */
  headers?: Record<string, string>;
  /** Ends the wait for an answer. Default: never. */
  signal?: AbortSignal;
}

/**
 * Loki's answer. Waits as long as Loki does: `fetch` gives up after five minutes, which is how long a query may take by
 * default.
 */
export async function askLoki(
  loki: LokiAccess,
  { path, parameters, headers, signal }: Question,
): Promise<{ status: number; body: string }> {
  const url = `${loki.url}/loki/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
  const [answer] = (await once(get(url, { headers: { ...headersFor(loki), ...headers }, signal }), "response")) as [
    IncomingMessage,
  ];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}

/** Whether Loki reports that it is ready. */
export async function isReady({ url }: LokiAccess): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
}

/** Headers with which every request names its tenant and, if needed, logs in. */
export function headersFor({ tenant, password }: LokiAccess): Record<string, string> {
  return { "X-Scope-OrgID": tenant, ...(password === undefined ? {} : basicLogin(tenant, password)) };
}

/** Loki's no to a query, with its own words and what to change. */
export class Refusal extends OperatorError {
  constructor(
    query: string,
    readonly status: number,
    body: string,
  ) {
    const reason = body.trim() || `HTTP ${status}`;
    super(`Loki refuses the query ${query}\n  ${reason}`, remedyFor(status, reason), { code: "query" });
    this.name = "OperatorError";
  }
}

/** What to change so that Loki accepts the query. */
function remedyFor(status: number, reason: string): string {
  if (/max entries limit/i.test(reason))
    return "ask for fewer lines with --limit, or raise logharbor:loki.limits.maxEntriesLimitPerQuery";
  if (/error parsing regexp/i.test(reason))
    return "correct the regular expression: https://github.com/google/re2/wiki/Syntax";
  if (/parse error|syntax error/i.test(reason))
    return 'quote the whole query for the shell: \'{namespace="default"} |= "error"\'';
  if (status === 401 || /no org id/i.test(reason)) return "set the tenant that Alloy writes for: logharbor:tenant";
  if (status === 429 || /too many outstanding/i.test(reason))
    return "try again, or raise logharbor:loki.limits.maxOutstandingRequestsPerTenant";
  if (status >= 500 || /timeout|deadline/i.test(reason)) return "narrow the query's labels or its time range (--since)";
  return "see https://grafana.com/docs/loki/latest/query/ for LogQL";
}

/** The lines of a stream. */
export function entriesOf({ stream, values }: Stream): Entry[] {
  const labels = byName(stream);
  return values.map(([timestampNs, line, extra]) => ({
    timestampNs,
    line,
    labels,
    metadata: byName(extra?.structuredMetadata ?? {}),
  }));
}

/** A text that only the same line has. */
export function keyOf({ timestampNs, labels, metadata, line }: Entry): string {
  return JSON.stringify([timestampNs, labels, metadata, line]);
}

/** Sorted by name, because a tail returns labels in another order than a query. */
function byName(pairs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sorts by time; lines of one moment keep their order. */
export function byTime(entries: Entry[]): Entry[] {
  return entries.sort((a, b) =>
    BigInt(a.timestampNs) < BigInt(b.timestampNs) ? -1 : a.timestampNs === b.timestampNs ? 0 : 1,
  );
}

/** Nanoseconds since 1970. */
export function nanoseconds(moment: Moment): bigint {
  return moment instanceof Date ? BigInt(moment.getTime()) * 1_000_000n : moment;
}
