import assert from "node:assert/strict";
import { RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { changeCount } from "../../automation/engineProgress";
import { inCluster, recordedCluster, resourcesOf } from "../../automation/state";
import { OtherClusterError } from "../../changes/clusterGate";
import { clusterIdentity } from "../../cluster/identity";
import { ownerAnnotation } from "../../render/ownership";
import { command } from "../support/command";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("a stack whose config names another cluster than before", () => {
  const p = platform();
  const another = "11111111-2222-3333-4444-555555555555";
  const recorded = async () => recordedCluster(await p.exportState());
  const here = async () => clusterIdentity(p.cluster.kubeConfig);
  /** The resources in the state. A run of the engine encrypts each secret anew, and may note its own provider. */
  const known = async () =>
    JSON.stringify(
      resourcesOf(await p.exportState()).filter(({ type }) => type !== "pulumi:providers:pulumi"),
      (key, value: unknown) => (key === "ciphertext" ? "" : value),
    );
  const isElsewhere = async () => p.changeState((state) => inCluster(state, another));

  before(async () => p.ensureUp());

  full(
    "a cluster is not shared with the core tests; unit tests hold the judgement",
    "is refused by every operation, which touches nothing",
    async () => {
      assert.ok((await here()) !== undefined);
      assert.equal(await recorded(), await here());
      await isElsewhere();
      try {
        const before = await known();
        const says = [
          /is in another cluster than the one that its config names now, so nothing was touched/,
          /npm run cluster-replaced/,
        ];
        const isTold = (text: string) => (says.forEach((pattern) => assert.match(text, pattern)), true);
        const stack = await p.stack();
        for (const operation of [
          () => stack.preflight(),
          () => stack.preview(),
          () => stack.up(),
          () => stack.rotate(),
          () => stack.refresh(),
          () => stack.drift(),
          () => stack.foreign(),
          () => stack.destroy({ withForeign: true }),
        ])
          await assert.rejects(
            operation(),
            (error: Error) => error instanceof OtherClusterError && isTold(error.message),
          );
        for (const args of [
          ["preview"],
          ["up", "--skip-preflight"],
          ["refresh"],
          ["drift"],
          ["rotate"],
          ["destroy", "--yes"],
        ]) {
          const { status, stderr } = await command(p.cacheHome, args);
          assert.ok(status === 1 && isTold(stderr), args.join(" "));
        }
        // Like plain `pulumi preview`, `pulumi up` and `pulumi refresh --run-program`.
        const plain = await p.plain();
        for (const operation of [
          async () => plain.preview(),
          async () => plain.up(),
          async () => plain.refresh({ runProgram: true }),
        ])
          await assert.rejects(operation(), (error: Error) => isTold(error.message));
        assert.equal(await known(), before);
        assert.equal((await p.askLoki("/loki/api/v1/labels")).status, 200);
      } finally {
        await p.changeState((state) => inCluster(state, undefined));
        // As a stack of an earlier version, which takes the identity at its next up.
        await p.up();
        assert.equal(await recorded(), await here());
      }
    },
  );

  full("the same", "keeps its state in a cluster that holds its objects, as one from a backup", async () => {
    await isElsewhere();
    const { length } = resourcesOf(await p.exportState());
    const { status, stdout } = await command(p.cacheHome, ["cluster-replaced", "--yes"]);
    assert.equal(status, 0);
    assert.match(stdout, /is in the new cluster, which holds its objects/);
    assert.deepEqual([await recorded(), resourcesOf(await p.exportState()).length], [await here(), length]);
    assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
    const again = await command(p.cacheHome, ["cluster-replaced", "--yes"]);
    assert.match(again.stderr, /is in the cluster that its config names: it was not replaced/);
  });

  full("another up", "comes up anew in a cluster that holds nothing of it, with the passwords of before", async () => {
    const passwords = async () =>
      resourcesOf(await p.exportState())
        .filter(({ type }) => type.endsWith(":RandomPassword"))
        .map(({ urn, id }) => `${urn} ${id}`)
        .sort();
    const before = await passwords();
    assert.ok(before.length > 0);
    const rbac = p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
    const isOwn = ({ metadata }: { metadata?: { annotations?: Record<string, string> } }) =>
      metadata?.annotations?.[ownerAnnotation] !== undefined;
    for (const { metadata } of (await rbac.listClusterRoleBinding()).items.filter(isOwn))
      await rbac.deleteClusterRoleBinding({ name: metadata!.name! });
    for (const { metadata } of (await rbac.listClusterRole()).items.filter(isOwn))
      await rbac.deleteClusterRole({ name: metadata!.name! });
    const namespaces: string[] = Object.values(p.settings.namespaces);
    for (const name of namespaces) if (await p.cluster.hasNamespace(name)) await p.cluster.removeNamespace(name);
    for (const name of namespaces)
      await waitFor(`the end of ${name}`, 120, async () => ((await p.cluster.hasNamespace(name)) ? undefined : true));
    await isElsewhere();

    const { status, stdout } = await command(p.cacheHome, ["cluster-replaced", "--yes"]);
    assert.equal(status, 0);
    assert.match(stdout, /^\d+ resources of the old cluster are out of the state of stack/);
    assert.ok(changeCount((await (await p.stack()).preview()).changes) > 10);
    await p.up();
    assert.equal(await recorded(), await here());
    assert.deepEqual(await passwords(), before);
    assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
  });
});
