import assert from "node:assert/strict";

import fc from "fast-check";

import { formatCpu, formatMemory, isBytes, isCores, parseQuantity } from "../../../domain/quantity";

describe("quantities", () => {
  it("have Kubernetes' values", () => {
    const values: Record<string, number> = {
      "500m": 0.5,
      "2": 2,
      "0.25": 0.25,
      "1k": 1000,
      "512Mi": 2 ** 29,
      "10Gi": 10 * 2 ** 30,
      "1G": 1e9,
      "1.5Gi": 1.5 * 2 ** 30,
      "3Ki": 3072,
      "1Ti": 2 ** 40,
      "2E": 2e18,
      "1Pi": 2 ** 50,
    };
    for (const [text, value] of Object.entries(values)) assert.equal(parseQuantity(text), value, text);
  });

  it("are refused where they are none", () => {
    for (const text of ["", "Gi", "1 Gi", "1gi", "1GB", "-1", "+1", "1e3", ".5", "1.", "0x10", " 1", "1\n", "١"]) {
      assert.throws(() => parseQuantity(text), {
        name: "RangeError",
        message: `"${text}" is not a Kubernetes quantity; examples are 500m, 2, 512Mi and 10Gi`,
      });
      assert.ok(!isCores(text) && !isBytes(text), text);
    }
  });

  it("of CPU and of memory are told apart", () => {
    for (const text of ["1m", "0.001", "250m", "2", "1k"]) assert.ok(isCores(text) && !isBytes(text), text);
    for (const text of ["1Mi", "1048576", "2M", "10Gi"]) assert.ok(isBytes(text) && !isCores(text), text);
    for (const text of ["0", "0m", "0.0009", "1u", "1001"]) assert.ok(!isCores(text), text);
    for (const text of ["0Mi", "512m", "1048575", "1M", "1023Ki"]) assert.ok(!isBytes(text), text);
  });

  it("of CPU survive being written and read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (milli) =>
        assert.equal(Math.round(parseQuantity(formatCpu(milli / 1000)) * 1000), milli),
      ),
    );
    assert.deepEqual([0.25, 2, 1.5, 0.001].map(formatCpu), ["250m", "2", "1500m", "1m"]);
  });

  it("of memory survive being written and read, rounded up to a whole Mi", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 }), (mi) =>
        assert.equal(parseQuantity(formatMemory(mi * 2 ** 20)), mi * 2 ** 20),
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
        const written = parseQuantity(formatMemory(bytes));
        assert.ok(written >= bytes && written < bytes + 2 ** 20);
      }),
    );
    assert.deepEqual([2 ** 30, 640 * 2 ** 20, 2 ** 20 + 1].map(formatMemory), ["1Gi", "640Mi", "2Mi"]);
  });
});
