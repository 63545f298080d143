import assert from "node:assert/strict";

import { collisionsOf, existingHomes, type Inventory } from "../../../../changes/ownership/collisions";
import { CollisionError } from "../../../../changes/ownership/gate";
import type { FoundObject } from "../../../../cluster/kubeApi";
import { stackLabel } from "../../../../domain/names";
import { ownerAnnotation } from "../../../../render/ownership";
import { inventoryOf, recordedOwner as owner, stateOf } from "../../../support/inventory";
import { guest, settingsFor, stackResources, stacks } from "../../../support/stack";

const nothing: Inventory = { namespaces: [], objects: [], releases: [] };
const object = (
  kind: string,
  namespace: string | undefined,
  name: string,
  over: Partial<FoundObject> = {},
): FoundObject => ({
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
  labels: {},
  annotations: {},
  managers: [],
  ...over,
});
const space = (name: string, over: Partial<FoundObject> = {}) => object("Namespace", undefined, name, over);
const guestSpaces = [space("store"), space("agents"), space("views")];

describe("collisions", () => {
  for (const [title, profile, overrides] of stacks) {
    const settings = settingsFor(profile, overrides);
    const spaces = title.includes("guest") ? guestSpaces : [];

    it(`${title}: none in an empty cluster, and none with what the stack itself has made`, async () => {
      const resources = await stackResources(profile, overrides);
      const there = inventoryOf(resources, settings);
      const own = { ...there, namespaces: [...there.namespaces, ...spaces] };
      for (const known of [undefined, new Set<string>(), stateOf(resources)])
        assert.deepEqual(collisionsOf({ ...nothing, namespaces: spaces }, { settings, owner, known }), []);
      for (const known of [undefined, stateOf(resources)])
        assert.deepEqual(collisionsOf(own, { settings, owner, known }), []);
    });

    it(`${title}: all of it where another stack of the same settings has made it, or one of another project`, async () => {
      const there = inventoryOf(await stackResources(profile, overrides), settings);
      for (const other of [
        { ...owner, stack: "other" },
        { ...owner, project: "other" },
      ]) {
        const collisions = collisionsOf(
          { ...there, namespaces: [...there.namespaces, ...spaces] },
          { settings, owner: other },
        );
        const text = new CollisionError(collisions).message;
        // Those outside of namespaces have another name where the stack has.
        const outside = other.stack === "other" ? 0 : 1;
        assert.equal(collisions.length, (spaces.length || there.namespaces.length) + outside, text);
        for (const { kind, name, annotations } of there.objects) {
          if (name.includes(":") ? outside === 1 : annotations["meta.helm.sh/release-name"] === undefined)
            assert.ok(text.includes(`${kind} ${name}`), `${kind} ${name} is not told`);
        }
        for (const { name } of there.releases) assert.ok(text.includes(`Helm release ${name}`), name);
      }
    });

    it(`${title}: all of it where the state is not that which made it`, async () => {
      const there = inventoryOf(await stackResources(profile, overrides), settings);
      const collisions = collisionsOf(
        { ...there, namespaces: [...there.namespaces, ...spaces] },
        { settings, owner, known: new Set() },
      );
      assert.equal(collisions.length, (spaces.length || there.namespaces.length) + 1);
    });
  }

  const settings = settingsFor("dev", { namespaces: { minio: "theirs" } });

  it("names a namespace of somebody else's, what up would change in it, and the ways on", () => {
    const there = {
      ...nothing,
      namespaces: [space("theirs")],
      objects: [
        object("Secret", "theirs", "minio-root"),
        object("Service", "theirs", "web"),
        object("NetworkPolicy", "theirs", "default-deny"),
      ],
    };
    assert.equal(
      new CollisionError(collisionsOf(there, { settings, owner })).message,
      [
        "One thing is in the stack's way, so nothing was touched:",
        "  namespace theirs, which logharbor:namespaces.minio names, already exists and does not belong to this stack (it " +
          "carries no mark); up would change these objects in it: Secret minio-root, NetworkPolicy default-deny",
        "  -> name another: pulumi config set --path logharbor:namespaces.minio test-minio",
        "  -> or use it unchanged: pulumi config set --path 'logharbor:existingNamespaces[0]' minio (once those names are free)",
      ].join("\n"),
    );
  });

  it("names the stack whose namespace it is, and says how to go on with a state that is elsewhere", () => {
    const problem = (
      labels: Record<string, string>,
      annotations: Record<string, string>,
      known?: ReadonlySet<string>,
    ) =>
      collisionsOf(
        { ...nothing, namespaces: [space("theirs", { labels, annotations })] },
        { settings, owner, known },
      )[0];
    assert.match(problem({ [stackLabel]: "prod" }, {})!.problem, /\(its mark is that of logharbor\/prod\)/);
    assert.match(problem({}, { [ownerAnnotation]: "shop/test" })!.problem, /\(its mark is that of shop\/test\)/);
    const lost = problem({ [stackLabel]: "test" }, {}, new Set())!;
    assert.match(lost.problem, /is marked as this stack's but is missing from its state/);
    assert.match(lost.remedy[0]!, /pulumi stack import/);
    const unmarked = problem({}, {}, new Set(["Namespace theirs"]))!;
    assert.match(unmarked.problem, /is in this stack's state but does not carry its mark/);
    assert.match(
      unmarked.remedy[0]!,
      /kubectl label namespace theirs logharbor\.io\/stack=test logharbor\.io\/part=minio$/,
    );
  });

  it("none with a stack of an earlier version, which marked its namespaces alone", async () => {
    const resources = await stackResources("dev", {});
    const there = inventoryOf(resources, settingsFor("dev"));
    const unmarked = {
      ...there,
      namespaces: there.namespaces.map((found) => ({ ...found, annotations: {} })),
      objects: there.objects
        .filter(({ namespace }) => namespace !== undefined)
        .map((found) => (found.managers.includes("helm") ? found : { ...found, labels: {}, annotations: {} })),
    };
    const state = new Set([...stateOf(resources)].filter((key) => !key.startsWith("ClusterRole")));
    for (const known of [undefined, state])
      assert.deepEqual(collisionsOf(unmarked, { settings: settingsFor("dev"), owner, known }), []);
    // What somebody else has put beside it under a name of ours is not ours.
    const strange = object("Secret", "logharbor-grafana", "grafana-admin", { managers: ["kubectl-create"] });
    const [found, ...others] = collisionsOf(
      { ...unmarked, objects: [...unmarked.objects.filter(({ name }) => name !== "grafana-admin"), strange] },
      { settings: settingsFor("dev"), owner },
    );
    assert.match(
      found!.problem,
      /namespace logharbor-grafana holds Secret grafana-admin, which does not belong to this stack/,
    );
    assert.deepEqual(others, []);
  });

  it("none with what an interrupted run made and did not note down", async () => {
    const resources = await stackResources("dev", {});
    const there = inventoryOf(resources, settingsFor("dev"));
    const known = new Set(
      [...stateOf(resources)].filter((key) => !key.startsWith("Secret") && !key.startsWith("ClusterRole")),
    );
    assert.deepEqual(collisionsOf(there, { settings: settingsFor("dev"), owner, known }), []);
  });

  describe("in a namespace that is used as it is", () => {
    const used = settingsFor("dev", { ...guest, alloy: { source: "files" } });
    const inStore = (...objects: FoundObject[]) =>
      collisionsOf({ ...nothing, namespaces: guestSpaces, objects }, { settings: used, owner });

    it("is each name that others have, and nothing else of theirs", () => {
      assert.deepEqual(
        inStore(
          object("Service", "store", "web"),
          object("NetworkPolicy", "store", "default-deny"),
          object("Secret", "elsewhere", "minio-root"),
        ),
        [],
      );
      const [found] = inStore(
        object("Service", "store", "minio"),
        object("Secret", "store", "loki-object-store", { managers: ["pulumi-kubernetes-0"] }),
      );
      assert.match(
        found!.problem,
        /^namespace store holds Service minio, Secret loki-object-store, which do not belong to this stack but have names that it needs$/,
      );
    });

    it("is a release of ours that others have", () => {
      const annotations = { "meta.helm.sh/release-name": "minio", "meta.helm.sh/release-namespace": "store" };
      const there = {
        ...nothing,
        namespaces: guestSpaces,
        objects: [object("Service", "store", "minio", { annotations })],
        releases: [{ namespace: "store", name: "minio" }],
      };
      assert.match(
        collisionsOf(there, { settings: used, owner })[0]!.problem,
        /holds Helm release minio, which does not belong/,
      );
    });

    it("is one that is not there, that this stack made, or that another's destroy would delete", () => {
      const problems = (namespaces: FoundObject[]) =>
        collisionsOf(
          { ...nothing, namespaces },
          { settings: settingsFor("dev", { existingNamespaces: ["loki"] }), owner },
        ).map(({ problem }) => problem);
      assert.match(
        problems([])[0]!,
        /namespace logharbor-loki, which logharbor:existingNamespaces relies on \(loki\), does not exist/,
      );
      assert.match(
        problems([space("logharbor-loki", { labels: { [stackLabel]: "test" } })])[0]!,
        /this stack created namespace .* delete it with every log in it/,
      );
      assert.match(
        problems([space("logharbor-loki", { labels: { [stackLabel]: "prod" } })])[0]!,
        /belongs to stack logharbor\/prod: a destroy of that stack would delete it/,
      );
      assert.deepEqual(problems([space("logharbor-loki")]), []);
    });

    it("is a level of Pod Security under which its pods do not run, which preflight tells otherwise", () => {
      const enforcing = (level: string) =>
        guestSpaces.map((found) => ({ ...found, labels: { "pod-security.kubernetes.io/enforce": level } }));
      const [found, ...others] = collisionsOf(
        { ...nothing, namespaces: enforcing("baseline") },
        { settings: used, owner },
      );
      assert.match(
        found!.problem,
        /namespace agents enforces Pod Security baseline, but the pods of alloy need privileged/,
      );
      assert.deepEqual(others, []);
      assert.deepEqual(
        existingHomes({ namespaces: enforcing("privileged") }, used),
        ["store (minio, loki)", "agents (alloy)", "views (grafana)"].map(
          (home) =>
            `namespace ${home} is used unchanged; it enforces Pod Security privileged, under which these pods run`,
        ),
      );
      assert.match(existingHomes({ namespaces: guestSpaces }, used)[0]!, /it enforces no Pod Security level by label$/);
    });
  });
});
