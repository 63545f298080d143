import assert from "node:assert/strict";
import { changeCount } from "../../automation/engineProgress";
import { minioResources, resourcesOf, without } from "../../automation/state";
import { helmRecords } from "../../cluster/helmRelease";
import { headersFor, queryRange } from "../../logs/query";
import { writeRecords } from "../support/helmRecords";
import { platform } from "../support/platform";
import { full } from "../support/sizes";

describe("the next up", () => {
  const p = platform();
  const loki = { namespace: p.settings.namespaces.loki, name: "loki" };
  const line = `kept since ${Date.now()}`;
  const began = new Date();

  before(async () => {
    await p.ensureUp();
    const streams = [{ stream: { job: "recovery" }, values: [[`${Date.now()}000000`, line]] }];
    const { status } = await p.askLoki("/loki/api/v1/push", {
      method: "POST",
      headers: { ...headersFor(p.loki), "Content-Type": "application/json" },
      body: JSON.stringify({ streams }),
    });
    assert.equal(status, 204);
    await p.flush();
  });

  /** Whether everything is as before: the line, the volumes, and nothing left to do. */
  const isWhole = async (claims: string[]) => {
    assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
    assert.deepEqual(await volumes(), claims);
    const found = await queryRange(p.loki, { query: '{job="recovery"}', start: began });
    assert.deepEqual(
      found.map((entry) => entry.line),
      [line],
    );
  };
  const volumes = async () =>
    (await p.cluster.core.listNamespacedPersistentVolumeClaim(loki)).items.map(({ metadata }) => metadata?.uid ?? "");

  for (const [statuses, revision] of [
    [["failed", "pending-upgrade"], 2],
    [["superseded", "deployed", "pending-upgrade"], 3],
    [["pending-install"], 1],
    [[], 1],
  ] as const)
    full(
      "an up; unit tests hold the whole table",
      `continues from Helm's records ${statuses.length === 0 ? "that are gone" : statuses.join(", ")}`,
      async () => {
        const claims = await volumes();
        await writeRecords(p.cluster, loki, statuses);
        await p.up();
        const records = await helmRecords(p.cluster.kubeConfig, [loki.namespace]);
        const newest = records.sort((a, b) => a.revision - b.revision).at(-1);
        assert.deepEqual([newest?.status, newest?.revision], ["deployed", revision]);
        await isWhole(claims);
      },
    );

  full("two ups", "puts buckets back that a refresh without MinIO dropped from the state", async () => {
    const claims = await volumes();
    const urns = async () => minioResources(await p.exportState()).map(({ urn }) => urn);
    const before = await urns();
    // What the provider's refresh leaves; this one's double would fail instead.
    await p.changeState((state) => without(state, minioResources(state)));
    assert.deepEqual(await urns(), []);
    await (await p.stack()).preview();
    assert.deepEqual(await urns(), []);

    await p.up();
    assert.deepEqual((await urns()).sort(), before.sort());
    await isWhole(claims);
    assert.equal(changeCount((await (await p.stack()).refresh()).changes), 0);
    assert.ok(resourcesOf(await p.exportState()).length > before.length);
  });
});
