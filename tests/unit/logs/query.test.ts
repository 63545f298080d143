import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { queryRange, tail, type Entry } from "../../../logs/query";

/** What a Loki would answer to HTTP requests, and what it sends to the n-th tail before it drops the connection. */
interface Script {
  answer?: { status: number; body: string };
  tails?: object[];
}

describe("queries", () => {
  let server: Server | undefined;
  const requests: { url: URL; tenant: string | undefined }[] = [];

  async function loki({ answer, tails = [] }: Script): Promise<{ url: string; tenant: string }> {
    requests.length = 0;
    const note = (url: string | undefined, tenant: unknown) =>
      requests.push({ url: new URL(url ?? "", "http://loki"), tenant: tenant as string | undefined });
    const http = createServer((request, response) => {
      note(request.url, request.headers["x-scope-orgid"]);
      response.writeHead(answer?.status ?? 200).end(answer?.body);
    });
    const sockets = new WebSocketServer({ noServer: true });
    http.on("upgrade", (request, socket, head) => {
      note(request.url, request.headers["x-scope-orgid"]);
      if (answer !== undefined) {
        socket.end(`HTTP/1.1 ${answer.status} No\r\nContent-Length: ${answer.body.length}\r\n\r\n${answer.body}`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.send(JSON.stringify(tails[requests.length - 1] ?? {}));
        if (requests.length < tails.length) client.close();
      });
    });
    await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
    server = http;
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, tenant: "acme" };
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const streams = (...values: [string, string, object?][]) => [{ stream: { namespace: "default" }, values }];

  it("ask for the tenant's lines and give them in the order of time", async () => {
    const result = [
      ...streams(["20", "second", { structuredMetadata: { pod: "p" } }]),
      {
        stream: { namespace: "other" },
        values: [
          ["1763800000000000001", "last"],
          ["3", "first"],
        ],
      },
    ];
    const access = await loki({
      answer: { status: 200, body: JSON.stringify({ data: { resultType: "streams", result } }) },
    });
    const entries = await queryRange(access, {
      query: '{a="b"}',
      start: new Date(1000),
      end: new Date(2000),
      limit: 7,
    });
    assert.deepEqual(
      entries.map(({ line }) => line),
      ["first", "second", "last"],
    );
    assert.deepEqual(entries[1], {
      timestampNs: "20",
      line: "second",
      labels: { namespace: "default" },
      metadata: { pod: "p" },
    });
    const [{ url, tenant } = assert.fail()] = requests;
    assert.equal(tenant, "acme");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      query: '{a="b"}',
      start: "1000000000",
      end: "2000000000",
      limit: "7",
      direction: "backward",
    });
  });

  it("tell in Loki's words what is wrong with a query, and what to do", async () => {
    const access = await loki({
      answer: { status: 400, body: "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER\n" },
    });
    const expected = new RegExp(
      [
        "^OperatorError: Loki refuses the query namespace",
        "  parse error at line 1, col 1: syntax error: unexpected IDENTIFIER",
        "  -> quote the whole query for the shell",
      ].join("\n"),
    );
    await assert.rejects(queryRange(access, { query: "namespace" }), expected);
    await assert.rejects(
      tail(access, { query: "namespace", onEntry: () => undefined, signal: new AbortController().signal }),
      expected,
    );
  });

  it("refuse a query that computes numbers", async () => {
    const access = await loki({
      answer: { status: 200, body: JSON.stringify({ data: { resultType: "matrix", result: [] } }) },
    });
    await assert.rejects(queryRange(access, { query: 'rate({a="b"}[1m])' }), /computes numbers \(matrix\)/);
  });

  it("tail again after a lost connection, without a line twice or one left out", async () => {
    const moment = (milliseconds: number) => `${1763800000000 + milliseconds}000000`;
    const tails = [
      { streams: streams([moment(5), "b", { structuredMetadata: { pod: "p", level: "x" } }], [moment(1), "a"]) },
      {
        streams: streams(
          [moment(5), "b", { structuredMetadata: { level: "x", pod: "p" } }],
          [moment(3), "late"],
          [moment(9), "c"],
        ),
      },
    ];
    const access = await loki({ tails });
    const seen: Entry[] = [];
    const stopping = new AbortController();
    await tail(access, {
      query: '{a="b"}',
      start: new Date(1763800000000),
      reconnectMs: 10,
      signal: stopping.signal,
      onEntry: (entry) => {
        seen.push(entry);
        if (entry.line === "c") stopping.abort();
      },
    });
    assert.deepEqual(
      seen.map(({ line }) => line),
      ["a", "b", "late", "c"],
    );
    assert.equal(requests[1]?.url.searchParams.get("start"), "1763800000000000000", "never before the beginning");
  });
});
