import assert from "node:assert/strict";

import { defaultsFor } from "../../../config/defaults";
import { formatPath, settingPaths, type Path } from "../../../config/paths";
import { settingsFor } from "../../support/stack";
import { at } from "../../support/tree";

describe("config: the defaults", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile} alone is its column of the defaults`, () => {
      assert.deepEqual(settingsFor(profile), defaultsFor(profile));
    });
  }

  it("dev and prod differ where they are meant to", () => {
    const differ = settingPaths().filter(
      (path) => JSON.stringify(at(defaultsFor("dev"), ...path)) !== JSON.stringify(at(defaultsFor("prod"), ...path)),
    );
    const resources = ["minio", "loki", "alloy", "grafana"].flatMap((part) =>
      ["cpuRequest", "memoryRequest", "memoryLimit"].map((key) => `${part}.resources.${key}`),
    );
    const expected = [
      "profile",
      "topology",
      "protectData",
      "spread.nodes",
      "minio.servers",
      "minio.drivesPerServer",
      "minio.volumeSize",
      "loki.caches.chunksMb",
      "loki.caches.resultsMb",
      "loki.limits.maxStreams",
      "loki.query.parallelism",
      "loki.query.maxConcurrent",
      "retention.hotDays",
      "retention.warmDays",
      "alerts.own.instances",
      "alloy.resources.cpuLimit",
      ...resources,
    ];
    assert.deepEqual(differ.map(formatPath).sort(), expected.sort());
  });

  it("every default is that of a setting", () => {
    const leaves = (node: unknown, path: Path): Path[] =>
      typeof node === "object" && node !== null && !Array.isArray(node)
        ? Object.entries(node).flatMap(([key, value]) => leaves(value, [...path, key]))
        : [path];
    const known = new Set(settingPaths().map(formatPath));
    for (const profile of ["dev", "prod"] as const)
      assert.deepEqual(
        leaves(defaultsFor(profile), [])
          .map(formatPath)
          .filter((path) => !known.has(path)),
        [],
      );
  });
});
