import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { KubeConfig } from "@kubernetes/client-node";

import { knowsPrometheusOperator } from "../../../cluster/prometheusOperator";

describe("the Prometheus operator in a cluster", () => {
  /** Test double of an API server: it answers every request with one status and one body. */
  const asked = async (status: number, body: object): Promise<boolean> => {
    const server = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      {
        name: "double",
        server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        skipTLSVerify: true,
      },
      { name: "double" },
    );
    try {
      return await knowsPrometheusOperator(kubeConfig);
    } finally {
      server.close();
    }
  };
  const kinds = (...names: string[]) => ({ resources: names.map((name) => ({ name })) });

  it("is there if the cluster knows both kinds", async () => {
    assert.equal(await asked(200, kinds("podmonitors", "servicemonitors", "prometheusrules")), true);
    assert.equal(await asked(200, kinds("servicemonitors")), false);
  });

  it("is not there without its group, or if we may not see it", async () => {
    assert.equal(await asked(404, {}), false);
    assert.equal(await asked(403, {}), false);
    await assert.rejects(asked(500, {}), /500/);
  });
});
