import assert from "node:assert/strict";

import fc from "fast-check";

import { parseQuantity } from "../../../domain/quantity";
import { formatRequests, stackRequests } from "../../../render/requests";
import { settingsFor } from "../../support/stack";

describe("requests", () => {
  it("are the sum of what the pods request", () => {
    assert.deepEqual(formatRequests(stackRequests(settingsFor("dev")).fixed), { cpu: "250m", memory: "640Mi" });
    assert.deepEqual(formatRequests(stackRequests(settingsFor("prod")).fixed), { cpu: "6800m", memory: "15169Mi" });
  });

  it("grow with each server by one server's, whatever it requests", () => {
    const cpu = fc.integer({ min: 1, max: 4000 }).map((milli) => `${milli}m`);
    const memory = fc.integer({ min: 1, max: 2000 }).map((mi) => `${mi}Mi`);
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 15 }), cpu, memory, (servers, cpuRequest, memoryRequest) => {
        const of = (count: number) =>
          stackRequests(
            settingsFor("dev", {
              minio: { servers: count, resources: { cpuRequest, memoryRequest, memoryLimit: "4Gi" } },
            }),
          ).fixed;
        const [less, more] = [of(servers), of(servers + 1)];
        assert.equal(Math.round((more.cpu - less.cpu) * 1000), Math.round(parseQuantity(cpuRequest) * 1000));
        assert.equal(more.memory - less.memory, parseQuantity(memoryRequest));
      }),
    );
  });

  it("leave Grafana out where there is none", () => {
    const { fixed } = stackRequests(settingsFor("dev", { grafana: { enabled: false } }));
    assert.deepEqual(formatRequests(fixed), { cpu: "200m", memory: "512Mi" });
  });
});
