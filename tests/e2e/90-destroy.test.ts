import assert from "node:assert/strict";
import { RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { OperatorError } from "../../domain/problem";
import { queryRange } from "../../logs/query";
import { resourcesOf } from "../../automation/state";
import { ownerAnnotation } from "../../render/ownership";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("destroy", () => {
  const p = platform();

  before(async () => p.ensureUp());

  /**
   * What is left of the platform in the cluster: its namespaces with everything in them, and its objects outside of any
   * namespace.
   */
  const leftovers = async (): Promise<string[]> => {
    const rbac = p.cluster.kubeConfig.makeApiClient(RbacAuthorizationV1Api);
    const own: string[] = Object.values(p.settings.namespaces);
    const [namespaces, volumes, roles, bindings] = await Promise.all([
      p.cluster.core.listNamespace(),
      p.cluster.core.listPersistentVolume(),
      rbac.listClusterRole(),
      rbac.listClusterRoleBinding(),
    ]);
    const ofStack = (items: typeof roles.items | typeof bindings.items) =>
      items.filter(({ metadata }) => metadata?.annotations?.[ownerAnnotation] !== undefined);
    return [
      ...namespaces.items.filter(({ metadata }) => own.includes(metadata?.name ?? "")),
      ...volumes.items.filter(({ spec }) => own.includes(spec?.claimRef?.namespace ?? "")),
      ...ofStack(roles.items),
      ...ofStack(bindings.items),
    ].map(({ metadata }) => metadata?.name ?? "");
  };
  const nothingIsLeft = async () => {
    // The provisioner removes a volume a little after its claim.
    await waitFor("an empty cluster", 60, async () => ((await leftovers()).length === 0 ? true : undefined)).catch(
      async () => assert.deepEqual(await leftovers(), []),
    );
    assert.deepEqual(
      resourcesOf(await p.exportState())
        .filter(({ type }) => type !== "pulumi:pulumi:Stack")
        .map(({ urn }) => urn),
      [],
    );
  };

  core("refuses while data is protected, and touches nothing", async () => {
    assert.ok((await leftovers()).length >= 7, "the search for leftovers does not find a platform that exists");
    await p.withSettings({ protectData: true }, async () => {
      const before = resourcesOf(await p.exportState())
        .map(({ urn }) => urn)
        .sort();
      await assert.rejects((await p.stack({ protectData: true })).destroy(), (error: unknown) => {
        assert.ok(error instanceof OperatorError);
        assert.match(error.message, /protected/);
        assert.match(error.message, /protectData false/);
        return true;
      });
      assert.deepEqual(
        resourcesOf(await p.exportState())
          .map(({ urn }) => urn)
          .sort(),
        before,
      );
      assert.equal((await p.askLoki("/loki/api/v1/labels")).status, 200);
    });
  });

  full(
    "one more up and destroy; the last test destroys",
    "works when MinIO is already gone, and leaves nothing",
    async () => {
      const { namespace, name, kind } = p.workloads.minio;
      if (kind === "Deployment") await p.cluster.apps.deleteNamespacedDeployment({ namespace, name });
      else await p.cluster.apps.deleteNamespacedStatefulSet({ namespace, name });
      await waitFor("MinIO's end", 60, async () => ((await p.cluster.pods(namespace)).length === 0 ? true : undefined));
      await p.destroy();
      await nothingIsLeft();
    },
  );

  full("one more up", "lets the platform come up again, which collects and stores as before", async () => {
    await p.ensureUp();
    const namespace = "e2e-again";
    await p.cluster.withNamespace(namespace, async () => {
      await p.cluster.runShells(namespace, [{ name: "writer", script: "echo here again; sleep 36000" }]);
      const [entry] = await waitFor("a line", 60, async () => {
        const entries = await queryRange(p.loki, { query: `{namespace="${namespace}"}` });
        return entries.length > 0 ? entries : undefined;
      });
      assert.equal(entry!.line, "here again");
      await p.flush();
    });
  });

  core("leaves nothing of a working platform", async () => {
    await p.destroy();
    await nothingIsLeft();
  });
});
