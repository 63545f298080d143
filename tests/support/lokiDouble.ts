import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { LokiAccess } from "../../logs/query";

/** A line that the double holds. */
export interface StoredLine {
  ns: bigint;
  line: string;
  labels?: Record<string, string>;
  metadata?: Record<string, string>;
}

/** What goes wrong with a question instead of its answer. */
export type Mishap = "cut" | { status: number; body: string } | undefined;

/**
 * Stands in for Loki's query API, as it is documented and as Loki 3.7 was seen to answer: a range includes its start
 * and not its end; the limit keeps one end of the range and may cut a moment in two; backwards, lines of one moment
 * come in reverse too. Of a query it understands only `name="value"`. It shows how our client pages, not what Loki
 * does: the end-to-end tests do that.
 */
export class LokiDouble {
  readonly requests: URL[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  /** Lines that one answer may have. */
  mostLines = 5_000;
  /** Characters of lines that one answer may have. */
  mostCharacters = Infinity;
  /** Answers to other questions, by path. */
  readonly others: Record<string, unknown> = {};
  /** What goes wrong with the n-th query, from 0. */
  mishap: (n: number) => Mishap = () => undefined;
  /** Whether tails show that they live, as Loki's do every second. */
  pings = true;

  private readonly lines: Required<StoredLine>[] = [];
  private readonly server: Server;
  private readonly tails = new Set<{ socket: WebSocket; query: string }>();
  private queries = 0;

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    this.server.on("upgrade", (request, socket, head) => {
      const url = this.note(request);
      const mishap = this.mishap(this.queries++);
      if (mishap === "cut") return void socket.destroy();
      if (mishap !== undefined)
        return void socket.end(
          `HTTP/1.1 ${mishap.status} No\r\nContent-Length: ${mishap.body.length}\r\n\r\n${mishap.body}`,
        );
      sockets.handleUpgrade(request, socket, head, (client) => {
        const tail = { socket: client, query: url.searchParams.get("query") ?? "" };
        this.tails.add(tail);
        client.on("close", () => this.tails.delete(tail));
        if (this.pings) client.ping();
      });
    });
  }

  async open(): Promise<LokiAccess> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return { url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, tenant: "acme" };
  }

  close(): void {
    this.dropTails();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Stores lines, and sends them to the tails. */
  push(...lines: StoredLine[]): void {
    const stored = lines.map((one) => ({ labels: { app: "a" }, metadata: {}, ...one }));
    this.lines.push(...stored);
    for (const { socket, query } of this.tails)
      socket.send(JSON.stringify({ streams: streamsOf(stored.filter((one) => matches(one, query))) }));
  }

  /** Ends the connections of all tails without a word. */
  dropTails(): void {
    this.tails.forEach(({ socket }) => socket.terminate());
  }

  /** Tails that are connected. */
  get tailing(): number {
    return this.tails.size;
  }

  private note(request: IncomingMessage): URL {
    const url = new URL(request.url ?? "", "http://loki");
    this.requests.push(url);
    this.headers.push(request.headers);
    return url;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = this.note(request);
    const path = url.pathname.replace("/loki/api/v1/", "");
    const mishap = this.mishap(this.queries++);
    if (mishap === "cut") return void request.socket.destroy();
    if (mishap !== undefined) return void response.writeHead(mishap.status).end(mishap.body);
    if (path in this.others) return void response.end(JSON.stringify({ data: this.others[path] }));
    if (path !== "query_range") return void response.writeHead(404).end();
    const given = (name: string) => url.searchParams.get(name) ?? "";
    const limit = Number(given("limit"));
    if (limit > this.mostLines)
      return void response
        .writeHead(400)
        .end(`max entries limit per query exceeded, limit > max_entries_limit_per_query`);
    const [start, end] = [BigInt(given("start")), BigInt(given("end"))];
    const found = this.lines
      .filter((one) => one.ns >= start && one.ns < end && matches(one, given("query")))
      .sort((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0));
    if (given("direction") === "backward") found.reverse();
    const kept = found.slice(0, limit);
    const size = kept.reduce((sum, { line }) => sum + line.length, 0);
    if (size > this.mostCharacters)
      return void response.writeHead(413).end(`response larger than the max message size (${size} vs …)`);
    response.end(
      JSON.stringify({
        data: {
          resultType: "streams",
          result: streamsOf(kept),
          stats: { summary: { totalEntriesReturned: kept.length, totalLinesProcessed: found.length } },
        },
      }),
    );
  }
}

function matches({ labels, metadata }: Required<StoredLine>, query: string): boolean {
  const wanted = [...query.matchAll(/(\w+)="([^"]*)"/g)];
  return wanted.every(([, name, value]) => ({ ...labels, ...metadata })[name!] === value);
}

function streamsOf(lines: readonly Required<StoredLine>[]): object[] {
  const streams = new Map<string, { stream: Record<string, string>; values: unknown[] }>();
  for (const { ns, line, labels, metadata } of lines) {
    const key = JSON.stringify(labels);
    const stream = streams.get(key) ?? { stream: labels, values: [] };
    stream.values.push([String(ns), line, { structuredMetadata: metadata }]);
    streams.set(key, stream);
  }
  return [...streams.values()];
}
