import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { OperatorError, textOf } from "../domain/problem";
import { pages } from "./pages";
import { byTime, categorize, entriesOf, headersFor, keyOf, nanoseconds, Refusal } from "./query";
import type { Entry, LokiAccess, Moment, Stream } from "./query";

export interface TailQuery {
  /** LogQL: a log query, not a metric query. */
  query: string;
  /** Where the tail begins. Default: now. */
  start?: Moment;
  /** Lines that were handed over already. Default: none. */
  handed?: Handed;
  onEntry: (entry: Entry) => void;
  /** Called when the connection was lost, and when Loki could not keep up. */
  onNote?: (text: string) => void;
  /** Most lines in one answer, for what was missed. Default: 5000, as Loki's `max_entries_limit_per_query`. */
  pageLines?: number;
  /** Milliseconds until a lost connection is made again. Default: 2000. */
  reconnectMs?: number;
  /** Milliseconds until what was missed is asked for again. Default: 1000. */
  pauseMs?: number;
  /** Milliseconds without a sign of Loki, which pings every second, until the connection is lost. Default: 30000. */
  silenceMs?: number;
  /** Ends the tail. */
  signal: AbortSignal;
}

/** Streams do not arrive in step, so what was missed begins this much before the newest line. */
const overlapNs = 10_000_000_000n;
/** An hour. */
const aheadNs = 3_600_000_000_000n;

/** The lines that were handed over last, so that none is handed over twice. */
export class Handed {
  private readonly times = new Map<string, bigint>();
  private pruneAt = 10_000;
  /** Of the newest line, in nanoseconds since 1970. A line that is dated ahead counts as one of now. */
  newest?: bigint;

  /** Notes a line. False if it was handed over before. */
  add(entry: Entry): boolean {
    const key = keyOf(entry);
    if (this.times.has(key)) return false;
    const time = BigInt(entry.timestampNs);
    this.times.set(key, time);
    const now = nanoseconds(new Date());
    const past = time < now ? time : now;
    if (this.newest === undefined || past > this.newest) this.newest = past;
    if (this.times.size >= this.pruneAt) this.prune();
    return true;
  }

  private prune(): void {
    const from = this.newest! - overlapNs;
    this.times.forEach((time, key) => time < from && this.times.delete(key));
    this.pruneAt = 2 * this.times.size + 10_000;
  }
}

/**
 * Hands over each line until `signal` aborts: from `start` on those that Loki has, then each new one. After a lost
 * connection it connects again, asks for what it missed, and hands over no line twice. A line that arrives meanwhile
 * and is dated more than ten seconds before the newest one is not seen.
 * @throws OperatorError when Loki refuses the query.
 */
export async function tail(loki: LokiAccess, query: TailQuery): Promise<void> {
  const { handed = new Handed(), onEntry, onNote, reconnectMs = 2_000, signal } = query;
  const begin = nanoseconds(query.start ?? new Date());
  const once = (entry: Entry) => {
    if (!signal.aborted && handed.add(entry)) onEntry(entry);
  };
  while (!signal.aborted) {
    const since = handed.newest === undefined ? begin : latest(begin, handed.newest - overlapNs);
    try {
      const reason = await tailOnce(loki, { ...query, since, once });
      if (!signal.aborted) onNote?.(`Loki ended the tail${reason === "" ? "" : ` (${reason})`}; connecting again`);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof OperatorError) throw error;
      onNote?.(`lost Loki (${textOf(error)}); connecting again`);
    }
    await sleep(reconnectMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * One connection. Once Loki shows by a line or a ping that the tail is live, asks for what came before; lines that come
 * meanwhile wait. Returns the reason that Loki gave for its end.
 */
async function tailOnce(
  loki: LokiAccess,
  query: TailQuery & { since: bigint; once: (entry: Entry) => void },
): Promise<string> {
  const { onNote, once, since, signal, silenceMs = 30_000 } = query;
  const parameters = new URLSearchParams({ query: query.query, start: String(nanoseconds(new Date())) });
  // With fewer, Loki would begin with the newest line of those that come as it connects, before the others.
  parameters.set("limit", String(query.pageLines ?? 5_000));
  const socket = new WebSocket(`${loki.url.replace(/^http/, "ws")}/loki/api/v1/tail?${parameters.toString()}`, {
    headers: { ...headersFor(loki), ...categorize },
  });
  const stop = () => socket.terminate();
  signal.addEventListener("abort", stop, { once: true });
  const ended = new AbortController();
  let waiting: Entry[] | undefined = [];
  const catchUp = async () => {
    const range = {
      start: since,
      // The cluster's clock may be ahead of ours.
      end: nanoseconds(new Date()) + aheadNs,
      pageLines: query.pageLines ?? 5_000,
      // If Loki is away, the tail ends, and is made again.
      giveUpSeconds: Infinity,
      pauseMs: query.pauseMs,
    };
    const asked = { query: query.query, ...range, onNote, signal: AbortSignal.any([signal, ended.signal]) };
    let last: Entry[] = [];
    for await (const { entries } of pages(loki, asked)) {
      last.forEach(once);
      last = entries;
    }
    // A line from just before `since` may have arrived only now.
    byTime([...last, ...waiting!]).forEach(once);
    waiting = undefined;
  };
  try {
    return await new Promise<string>((resolve, reject) => {
      const silence = setTimeout(() => reject(new Error(`silent for ${silenceMs / 1000} s`)), silenceMs);
      let live = false;
      const alive = () => {
        silence.refresh();
        if (!live) catchUp().catch(reject);
        live = true;
      };
      socket.on("ping", alive);
      socket.on("message", (data: Buffer) => {
        const { streams, dropped_entries: dropped } = JSON.parse(data.toString("utf8")) as {
          streams?: Stream[];
          dropped_entries?: unknown[] | null;
        };
        const entries = byTime((streams ?? []).flatMap(entriesOf));
        if (waiting === undefined) entries.forEach(once);
        else waiting.push(...entries);
        if (dropped && dropped.length > 0)
          onNote?.(`Loki left ${dropped.length} lines out of this tail (all are stored; narrow the query to see each)`);
        alive();
      });
      socket.on("unexpected-response", (_request, response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          reject(status >= 500 ? new Error(body.trim()) : new Refusal(query.query, status, body));
          socket.terminate();
        });
      });
      socket.on("error", reject);
      socket.on("close", (_code, reason) => {
        clearTimeout(silence);
        resolve(reason.toString("utf8"));
      });
    });
  } finally {
    ended.abort();
    signal.removeEventListener("abort", stop);
    socket.terminate();
  }
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
