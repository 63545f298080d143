import assert from "node:assert/strict";

import { unpinned } from "../../../policies/pinnedVersions";
import { release } from "./resources";

describe("pinned-versions", () => {
  it("wants an exact chart version, unless the chart is a local one", () => {
    for (const version of [undefined, "", "18", "18.11", "^18.11.0", ">=18", "latest"])
      assert.match(unpinned(release({ version })).join(), /has no exact version/, version);
    assert.deepEqual(unpinned(release({ version: "18.11.0" })), []);
    for (const chart of ["/srv/charts/loki", "./loki", "loki.tgz"])
      assert.deepEqual(unpinned(release({ chart, version: undefined })), []);
  });

  it("wants an exact tag or a digest of every image", () => {
    const image = (fields: object) => unpinned(release({ values: { a: { image: { repository: "r", ...fields } } } }));
    for (const tag of ["latest", "main", "3", "3.7", "v3", "1.31-alpine", ""])
      assert.match(image({ tag }).join(), /image at a\.image has the tag/, tag);
    for (const tag of ["3.7.6", "v1.18.1", "RELEASE.2026-09-16T00-00-00Z", "1.31.6-alpine", "latest@sha256:00"])
      assert.deepEqual(image({ tag }), [], tag);
    assert.deepEqual(image({ tag: "latest", digest: "sha256:00" }), []);
  });

  it("wants the same of a container's image, also where the chart takes containers as text", () => {
    const found = (image: string) => [
      ...unpinned(release({ values: { a: { extraContainers: [{ image }] } } })),
      ...unpinned(release({ values: { extraContainers: `- name: a\n  image: ${image}\n` } })),
    ];
    for (const image of ["busybox", "host:5000/busybox", "busybox:latest", "host:5000/busybox:1.38"])
      assert.equal(found(image).length, 2, image);
    assert.match(found("busybox:latest").join(), /image at a\.extraContainers\.0\.image has the tag "latest"/);
    for (const image of ["busybox:1.38.0", "host:5000/busybox:1.38.0", "busybox@sha256:00", "busybox:latest@sha256:00"])
      assert.deepEqual(found(image), [], image);
  });
});
