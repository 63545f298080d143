import assert from "node:assert/strict";

import { podPorts } from "../../../cluster/readyPods";

describe("pods behind a Service", () => {
  const service = {
    spec: {
      ports: [
        { name: "http", port: 80, targetPort: "web" },
        { name: "grpc", port: 90 },
      ],
    },
  };
  const endpoint = (name: string, ready?: boolean) => ({
    addresses: ["10.0.0.1"],
    conditions: { ready },
    targetRef: { kind: "Pod", name },
  });
  const slice = {
    addressType: "IPv4",
    ports: [
      { name: "http", port: 8080 },
      { name: "grpc", port: 9090 },
    ],
    endpoints: [endpoint("b"), endpoint("a", true), endpoint("c", false)],
  };

  it("are those that are ready, with the port resolved", () => {
    assert.deepEqual(podPorts(service, [slice], 80), [
      { pod: "a", port: 8080 },
      { pod: "b", port: 8080 },
    ]);
    assert.deepEqual(
      podPorts(service, [slice], 90).map(({ port }) => port),
      [9090, 9090],
    );
  });

  it("are none for a port that the Service does not have", () => {
    assert.deepEqual(podPorts(service, [slice], 81), []);
    assert.deepEqual(podPorts({}, [], 80), []);
  });
});
