import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { queryRange } from "../../../logs/query";

describe("queries", () => {
  const servers: Server[] = [];
  const requests: { url: URL; tenant: string | undefined }[] = [];

  async function loki(answer: { status: number; body: string }): Promise<{ url: string; tenant: string }> {
    requests.length = 0;
    const http = createServer((request, response) => {
      const tenant = request.headers["x-scope-orgid"] as string | undefined;
      requests.push({ url: new URL(request.url ?? "", "http://loki"), tenant });
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
    servers.push(http);
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, tenant: "acme" };
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
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
    const access = await loki({ status: 200, body: JSON.stringify({ data: { resultType: "streams", result } }) });
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
      status: 400,
      body: "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER\n",
    });
    const expected = new RegExp(
      [
        "^OperatorError: Loki refuses the query namespace",
        "  parse error at line 1, col 1: syntax error: unexpected IDENTIFIER",
        "  -> quote the whole query for the shell",
      ].join("\n"),
    );
    await assert.rejects(queryRange(access, { query: "namespace" }), expected);
  });

  it("refuse a query that computes numbers", async () => {
    const access = await loki({ status: 200, body: JSON.stringify({ data: { resultType: "matrix", result: [] } }) });
    await assert.rejects(queryRange(access, { query: 'rate({a="b"}[1m])' }), /computes numbers \(matrix\)/);
  });

  it("with a filter that found nothing ask again in the way in which Loki names a wrong regular expression", async () => {
    const access = await loki({ status: 200, body: JSON.stringify({ data: { resultType: "streams", result: [] } }) });
    await queryRange(access, { query: '{a="b"} |= "x"' });
    assert.equal(requests.length, 1);
    await queryRange(access, { query: '{a="b"} |~ "[x"' });
    assert.equal(requests.length, 3);
    await assert.rejects(
      queryRange(await loki({ status: 400, body: "error parsing regexp: missing closing ]: `[x`" }), { query: "" }),
      /-> correct the regular expression/,
    );
  });
});
