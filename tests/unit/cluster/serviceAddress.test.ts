import assert from "node:assert/strict";

import { serviceAddress } from "../../../cluster/serviceAddress";

describe("the address of a Service", () => {
  it("is read from the URLs that are outputs", () => {
    assert.deepEqual(serviceAddress("http://loki.logs.svc:3100"), {
      service: "loki",
      namespace: "logs",
      port: 3100,
      tls: false,
    });
    assert.deepEqual(serviceAddress("https://loki-gateway.logs.svc:443"), {
      service: "loki-gateway",
      namespace: "logs",
      port: 443,
      tls: true,
    });
    assert.equal(serviceAddress("http://loki-gateway.logs.svc:80").port, 80);
  });
});
