import assert from "node:assert/strict";

import type { ProgramName } from "../../../../local/builds/programs";
import { manifestTexts } from "../../../../local/cluster/api";
import { fillImages, imageName } from "../../../../local/cluster/imageName";
import { images, outdated } from "../../../../local/cluster/images";

describe("The local cluster's images", () => {
  const program = __filename;
  const image = { name: "localhost/logharbor/a:1", files: { a: { copy: program } }, entrypoint: ["/a"] };
  const namesOf = (...names: ProgramName[]) =>
    images({ names, bin: () => program }, program, ["sh"]).map(({ name }) => name);

  it("are imported only when they changed", () => {
    assert.deepEqual(
      outdated([image], {}).map(({ name }) => name),
      [image.name],
    );
  });

  it("have cert-manager's and Prometheus' only where those were asked for", () => {
    for (const extra of ["cert-manager", "prometheus"] as const)
      assert.deepEqual(
        namesOf(extra).filter((name) => !namesOf().includes(name)),
        [imageName(extra)],
      );
  });

  it("are all there that the cluster's own pods ask for", () => {
    const made = namesOf();
    const asked = manifestTexts().flatMap((text) =>
      [...text.matchAll(/image: "(.*)"/g)].map((match) => match[1] ?? ""),
    );
    assert.ok(asked.length >= 3);
    assert.deepEqual(
      asked.filter((name) => !made.includes(name)),
      [],
    );
    assert.equal(fillImages('"@image:pause@"'), `"${imageName("pause")}"`);
  });
});
