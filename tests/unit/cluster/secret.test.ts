import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { secretContent } from "../../../cluster/secret";

/** A double of the API server that has one Secret. */
const apiDouble = () =>
  createServer(({ url }, response) => {
    const known = url === "/api/v1/namespaces/logs/secrets/login";
    response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(known ? { data: { user: "bWU=", password: "w6TDtg==" } } : { code: 404 }));
  });

describe("a Secret's content", () => {
  it("is decoded; one that is missing is told", async () => {
    const server = apiDouble().listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const kubeConfig = new KubeConfig();
      const { port } = server.address() as AddressInfo;
      const cluster = { name: "double", server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
      kubeConfig.loadFromClusterAndUser(cluster, { name: "nobody" });
      const content = await secretContent(kubeConfig, { namespace: "logs", name: "login" });
      assert.deepEqual(content, { user: "me", password: "äö" });
      await assert.rejects(secretContent(kubeConfig, { namespace: "logs", name: "gone" }), { code: 404 });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
