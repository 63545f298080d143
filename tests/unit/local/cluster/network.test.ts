import assert from "node:assert/strict";

import fc from "fast-check";

import { chooseCable } from "../../../../local/cluster/network";

describe("The local cluster's network", () => {
  it("is the first one of the list on a machine that routes little", () => {
    assert.deepEqual(chooseCable(["default", "192.0.2.0/24", "127.0.0.1"]), {
      machine: "10.213.0.1",
      node: "10.213.0.2",
    });
  });

  it("stays what it was while no route touches it", () => {
    assert.equal(chooseCable(["default"], "10.213.7.2").node, "10.213.7.2");
    assert.equal(chooseCable(["10.213.7.0/24"], "10.213.7.2").node, "10.213.0.2");
  });

  it("leaves a range that a VPN takes whole", () => {
    assert.equal(chooseCable(["10.0.0.0/8"]).node, "172.29.0.2");
    assert.equal(chooseCable(["10.0.0.0/8", "172.16.0.0/12"]).node, "192.168.0.2");
  });

  it("says so when everything is taken", () => {
    assert.throws(() => chooseCable(["0.0.0.0/1", "128.0.0.0/1"]), /all routed \(see `ip route`\)/);
  });

  it("never overlaps a route", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const near = fc.tuple(fc.constantFrom("10.213", "172.29", "192.168"), byte, byte, fc.integer({ min: 17, max: 32 }));
    const bits = (address: string) =>
      address
        .split(".")
        .map((part) => Number(part).toString(2).padStart(8, "0"))
        .join("");
    fc.assert(
      fc.property(fc.array(near, { maxLength: 40 }), (routes) => {
        const { machine, node } = chooseCable(routes.map(([prefix, c, d, length]) => `${prefix}.${c}.${d}/${length}`));
        for (const [prefix, c, d, length] of routes) {
          const shared = Math.min(length, 30);
          for (const end of [machine, node])
            assert.notEqual(bits(end).slice(0, shared), bits(`${prefix}.${c}.${d}`).slice(0, shared));
        }
      }),
    );
  });
});
