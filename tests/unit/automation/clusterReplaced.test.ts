import assert from "node:assert/strict";
import { afterReplacement } from "../../../automation/clusterReplaced";
import { recordedCluster, resourcesOf } from "../../../automation/state";
import { ownerAnnotation } from "../../../render/ownership";
import { bucket, deployment, release } from "./deployment";

const owner = { project: "logharbor", stack: "mine" };
const state = deployment([
  { urn: "u::stack", type: "pulumi:pulumi:Stack", outputs: { cluster: "old" } },
  release,
  bucket,
]);

const namespace = (mark?: string) => ({
  kind: "Namespace",
  name: "logharbor-loki",
  labels: {},
  annotations: (mark === undefined ? {} : { [ownerAnnotation]: mark }) as Record<string, string>,
  managers: [],
});
const holding = (...marks: (string | undefined)[]) => ({ namespaces: marks.map(namespace), objects: [], releases: [] });
const after = (found: string | undefined, there = holding(), of = state) =>
  afterReplacement(owner, of, { found, there });

describe("a stack whose cluster was replaced", () => {
  for (const [what, there] of [
    ["is empty", holding()],
    ["holds only what others have", holding(undefined, "logharbor/other")],
  ] as const)
    it(`forgets what was in the old cluster if the new one ${what}`, () => {
      const { restored, forgotten, state: left } = after("new", there);
      assert.deepEqual([restored, forgotten, recordedCluster(left)], [false, 2, undefined]);
      assert.deepEqual(
        resourcesOf(left).map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });

  it("keeps its state if the new cluster holds its objects, as from a backup", () => {
    const { restored, forgotten, state: left } = after("new", holding(undefined, "logharbor/mine"));
    assert.deepEqual([restored, forgotten, recordedCluster(left)], [true, 0, "new"]);
    assert.equal(resourcesOf(left).length, 3);
  });

  for (const [what, found, of, says] of [
    ["was not replaced", "old", state, /"mine" is in the cluster that its config names.*\n.*npm run refresh/],
    [
      "is not known",
      "new",
      deployment([release]),
      /does not say which cluster.*\n.*npm run up -- --stack mine notes it/,
    ],
    ["may not be seen", undefined, state, /lack the right to see the namespace kube-system/],
  ] as const)
    it(`is refused if the cluster ${what}`, () => assert.throws(() => after(found, holding(), of), says));
});
