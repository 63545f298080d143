import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { proveDelivery } from "../../../logs/proof";

/**
 * Stands in for Loki with an Alloy: returns a query's text as a line from the second request on. It proves nothing of
 * the real way; the end-to-end tests do.
 */
function lokiDouble(delivers: boolean): Server {
  const asked = new Map<string, number>();
  return createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://loki").searchParams.get("query") ?? "";
    const before = asked.get(query) ?? 0;
    asked.set(query, before + 1);
    const values = [[`${Date.now() - 2000}000000`, `query=${query}`, { structuredMetadata: { pod: "loki-0" } }]];
    const result = delivers && before > 0 ? [{ stream: { namespace: "logs" }, values }] : [];
    response.end(JSON.stringify({ data: { resultType: "streams", result } }));
  });
}

describe("the proof that lines come through", () => {
  const prove = async (delivers: boolean) => {
    const server = lokiDouble(delivers).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      return await proveDelivery({ url: `http://127.0.0.1:${port}`, tenant: "a" }, "logs", {
        timeoutSeconds: 0.3,
        pollMs: 10,
      });
    } finally {
      server.close();
    }
  };

  it("is a query that comes back as a line", async () => {
    const { pod, seconds } = await prove(true);
    assert.equal(pod, "loki-0");
    assert.ok(seconds >= 2 && seconds < 10, `${seconds} s`);
  });

  it("fails where none comes back, and says what to do", async () => {
    await assert.rejects(prove(false), /no line of Loki's pods came back within 0.3 s[^]*npm run doctor/);
  });
});
