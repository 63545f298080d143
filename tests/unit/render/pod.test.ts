import assert from "node:assert/strict";

import { containerResources, mirrored, storageClassValue } from "../../../render/pod";

describe("images", () => {
  const image = { registry: "docker.io", repository: "grafana/loki", tag: "3.7.6" };

  it("come from the mirror where one is set", () => {
    assert.deepEqual(mirrored(image, undefined), image);
    assert.deepEqual(mirrored(image, "mirror.example.com/all"), { ...image, registry: "mirror.example.com/all" });
  });
});

describe("a container", () => {
  it("has a CPU limit only where one is set", () => {
    const resources = { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" };
    assert.deepEqual(containerResources(resources), {
      requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
      limits: { memory: "1Gi", "ephemeral-storage": "1Gi" },
    });
    assert.deepEqual(containerResources({ ...resources, cpuLimit: "1" }, "5Gi").limits, {
      cpu: "1",
      memory: "1Gi",
      "ephemeral-storage": "5Gi",
    });
    assert.deepEqual(storageClassValue(undefined), {});
  });
});
