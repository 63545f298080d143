import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import WebSocket from "ws";
import { basicLogin } from "../domain/basicLogin";
import { OperatorError, textOf } from "../domain/problem";

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

export interface RangeQuery {
  /** LogQL: a log query, not a metric query. */
  query: string;
  /** Default: an hour before `end`. */
  start?: Date;
  /** Default: now. */
  end?: Date;
  /** Default 100. Loki refuses more than its `max_entries_limit_per_query`. */
  limit?: number;
  /** Which end of the range the limit keeps. Default "backward": the newest lines. */
  direction?: "backward" | "forward";
}

export interface TailQuery {
  query: string;
  /** Where the tail begins. Default: now. */
  start?: Date;
  onEntry: (entry: Entry) => void;
  /** Called when the connection was lost, and when Loki could not keep up. */
  onNote?: (text: string) => void;
  /** Milliseconds until a lost connection is made again. Default: 2000. */
  reconnectMs?: number;
  /** Ends the tail. */
  signal: AbortSignal;
}

/** With this header Loki returns index labels and structured metadata apart from each other. */
const categorize = { "X-Loki-Response-Encoding-Flags": "categorize-labels" };
/** After a reconnect a tail starts this much before the newest line, because streams don't arrive in step, … */
const overlapMs = 10_000;
/** … and drops the lines that are among the last ones it handed over, this many. */
const memory = 20_000;

type Value = [timestampNs: string, line: string, extra?: { structuredMetadata?: Record<string, string> }];
interface Stream {
  stream: Record<string, string>;
  values: Value[];
}

/**
 * Lines that a LogQL query finds in a time range, oldest first.
 * @throws OperatorError with Loki's own words when it refuses the query.
 */
export async function queryRange(loki: LokiAccess, query: RangeQuery): Promise<Entry[]> {
  const end = query.end ?? new Date();
  const parameters = new URLSearchParams({
    query: query.query,
    start: nanoseconds(query.start ?? new Date(end.getTime() - 3_600_000)),
    end: nanoseconds(end),
    limit: String(query.limit ?? 100),
    direction: query.direction ?? "backward",
  });
  const { status, body } = await patientGet(`${loki.url}/loki/api/v1/query_range?${parameters.toString()}`, {
    ...headersFor(loki),
    ...categorize,
  });
  if (status !== 200) {
    throw refusal(query.query, status, body);
  }
  const { data } = JSON.parse(body) as { data: { resultType: string; result: Stream[] } };
  if (data.resultType !== "streams") {
    throw new OperatorError(
      `${query.query} computes numbers (${data.resultType}), but this command prints lines.`,
      'ask for a log query, such as {namespace="default"}',
    );
  }
  return byTime(data.result.flatMap(entriesOf));
}

/** Waits as long as Loki does. `fetch` gives up after five minutes, which is how long a query may take by default. */
async function patientGet(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const [answer] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
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

/**
 * Hands over each new line until `signal` aborts. After a lost connection it connects again from the last line seen,
 * and hands over no line twice.
 * @throws OperatorError when Loki refuses the query.
 */
export async function tail(
  access: LokiAccess,
  { query, start, onEntry, onNote, reconnectMs = 2_000, signal }: TailQuery,
): Promise<void> {
  const begin = start ?? new Date();
  let newest = begin;
  const recent = new Set<string>();
  const once = (entry: Entry) => {
    const key = JSON.stringify(entry);
    if (recent.has(key)) return;
    recent.add(key);
    if (recent.size > memory) recent.delete(recent.values().next().value ?? "");
    const moment = new Date(Number(BigInt(entry.timestampNs) / 1_000_000n));
    if (moment > newest) newest = moment;
    onEntry(entry);
  };
  let since = newest;
  while (!signal.aborted) {
    try {
      await tailOnce(access, { query, start: since, onEntry: once, onNote, signal });
      if (!signal.aborted) onNote?.("Loki ended the tail; connecting again");
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      if (!signal.aborted) onNote?.(`lost Loki (${textOf(error)}); connecting again`);
    }
    await pause(reconnectMs, signal);
    since = new Date(Math.max(begin.getTime(), newest.getTime() - overlapMs));
  }
}

async function tailOnce(
  loki: LokiAccess,
  { query, start, onEntry, onNote, signal }: TailQuery & { start: Date },
): Promise<void> {
  const parameters = new URLSearchParams({ query, start: nanoseconds(start), limit: "5000" });
  const socket = new WebSocket(`${loki.url.replace(/^http/, "ws")}/loki/api/v1/tail?${parameters.toString()}`, {
    headers: { ...headersFor(loki), ...categorize },
  });
  const stop = () => socket.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("message", (data: Buffer) => {
        const { streams, dropped_entries: dropped } = JSON.parse(data.toString("utf8")) as {
          streams?: Stream[];
          dropped_entries?: unknown[] | null;
        };
        byTime((streams ?? []).flatMap(entriesOf)).forEach(onEntry);
        if (dropped && dropped.length > 0)
          onNote?.(`Loki left ${dropped.length} lines out of this tail (all are stored; narrow the query to see each)`);
      });
      socket.on("unexpected-response", (_request, response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          reject(status >= 500 ? new Error(body.trim()) : refusal(query, status, body));
          socket.terminate();
        });
      });
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Headers with which every request names its tenant and, if needed, logs in. */
export function headersFor({ tenant, password }: LokiAccess): Record<string, string> {
  return { "X-Scope-OrgID": tenant, ...(password === undefined ? {} : basicLogin(tenant, password)) };
}

export function refusal(query: string, status: number, body: string): OperatorError {
  const reason = body.trim() || `HTTP ${status}`;
  return new OperatorError(`Loki refuses the query ${query}\n  ${reason}`, remedyFor(status, reason));
}

/** What to change so that Loki accepts the query. */
function remedyFor(status: number, reason: string): string {
  if (/max entries limit/i.test(reason))
    return "ask for fewer lines with --limit, or raise logharbor:loki.limits.maxEntriesLimitPerQuery";
  if (/parse error|syntax error/i.test(reason))
    return 'quote the whole query for the shell: \'{namespace="default"} |= "error"\'';
  if (status === 401 || /no org id/i.test(reason)) return "set the tenant that Alloy writes for: logharbor:tenant";
  if (status === 429 || /too many outstanding/i.test(reason))
    return "try again, or raise logharbor:loki.limits.maxOutstandingRequestsPerTenant";
  if (status >= 500 || /timeout|deadline/i.test(reason)) return "narrow the query's labels or its time range (--since)";
  return "see https://grafana.com/docs/loki/latest/query/ for LogQL";
}

function entriesOf({ stream, values }: Stream): Entry[] {
  const labels = byName(stream);
  return values.map(([timestampNs, line, extra]) => ({
    timestampNs,
    line,
    labels,
    metadata: byName(extra?.structuredMetadata ?? {}),
  }));
}

/** Sorted by name, because a tail returns labels in another order than a query. */
function byName(pairs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byTime(entries: Entry[]): Entry[] {
  return entries.sort((a, b) =>
    BigInt(a.timestampNs) < BigInt(b.timestampNs) ? -1 : a.timestampNs === b.timestampNs ? 0 : 1,
  );
}

function nanoseconds(moment: Date): string {
  return `${moment.getTime()}000000`;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
