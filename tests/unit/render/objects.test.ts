import assert from "node:assert/strict";

import { clusterObjectsOf, objectsOf } from "../../../render/objects";
import { madeObjects, recordedOwner as owner } from "../../support/inventory";
import { settingsFor, stackResources, stacks } from "../../support/stack";

describe("what a stack makes by name", () => {
  for (const [title, profile, overrides] of stacks) {
    it(`${title}: is what the program registers, in the namespace of its part`, async () => {
      const settings = settingsFor(profile, overrides);
      const key = ({ kind, name }: { kind: string; name: string }, namespace?: string) =>
        `${kind} ${namespace}/${name}`;
      const made = madeObjects(await stackResources(profile, overrides)).filter(({ kind }) => kind !== "Namespace");
      const named = objectsOf(settings, owner).filter(({ by }) => by === "stack");
      assert.deepEqual(
        made.map((found) => key(found, found.namespace)).sort(),
        [
          ...named.map((wanted) => key(wanted, settings.namespaces[wanted.part])),
          ...clusterObjectsOf(settings, owner).map((wanted) => key(wanted)),
        ].sort(),
      );
    });
  }
});
