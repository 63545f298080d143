import assert from "node:assert/strict";

import fc from "fast-check";

import { partLabel, stackLabel } from "../../../domain/names";
import { partNames } from "../../../domain/parts";
import { clusterRoleName, labelValue, ownerAnnotation, positionsPath } from "../../../render/ownership";
import { madeObjects } from "../../support/inventory";
import { stackResources, stacks } from "../../support/stack";

describe("what a stack makes", () => {
  for (const [title, profile, overrides] of stacks) {
    it(`${title}: carries its mark, each object by itself`, async () => {
      for (const { kind, name, labels, annotations } of madeObjects(await stackResources(profile, overrides))) {
        assert.equal(annotations[ownerAnnotation], "logharbor/test", `${kind} ${name}`);
        assert.equal(labels[stackLabel], "test", `${kind} ${name}`);
        assert.ok(
          partNames.some((part) => part === labels[partLabel]),
          `${kind} ${name}`,
        );
      }
    });
  }

  it("outside of namespaces has a name that no other stack of the cluster has", () => {
    const names = fc.record({ stack: fc.stringMatching(/^[a-z]{1,5}$/), namespace: fc.stringMatching(/^[a-z]{1,5}$/) });
    fc.assert(
      fc.property(names, names, (a, b) => {
        const [one, two] = [a, b].map(({ stack, namespace }) => clusterRoleName({ stack }, namespace));
        assert.equal(one === two, a.stack === b.stack && a.namespace === b.namespace);
      }),
    );
  });

  it("on nodes has a folder for each namespace of Alloy, that of the default as it always was", () => {
    assert.equal(positionsPath("logharbor-alloy"), "/var/lib/logharbor/alloy");
    const paths = ["logharbor-alloy", "alloy", "prod-alloy", "alloy-logharbor-alloy"].map(positionsPath);
    assert.equal(new Set(paths).size, paths.length);
  });

  it("is labelled with a name that a label can hold", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/), (stack) =>
        assert.match(labelValue(stack), /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/),
      ),
    );
    assert.equal(labelValue("dev"), "dev");
  });
});
