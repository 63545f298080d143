import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { helmRecords } from "../../cluster/helmRelease";
import { changeCount } from "../../automation/engineProgress";
import { resourcesOf } from "../../automation/state";
import { OperatorError } from "../../domain/problem";
import { driftOf } from "../../drift/gather/deployed";
import { platform } from "../support/platform";
import { killDescendants } from "../support/processes";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("faults of operations", () => {
  const p = platform();

  before(async () => p.ensureUp());

  const urns = async () =>
    resourcesOf(await p.exportState())
      .map(({ urn }) => urn)
      .sort();
  const refusal =
    (...parts: RegExp[]) =>
    (error: unknown) => {
      assert.ok(error instanceof OperatorError, String(error));
      for (const part of parts) assert.match(error.message, part);
      return true;
    };

  core("refuses to refresh while MinIO can't be reached, and forgets nothing", async () => {
    const before = await urns();
    await p.cluster.scale(p.workloads.minio, 0);
    try {
      const stack = await p.stack();
      await assert.rejects(
        stack.refresh(),
        refusal(/MinIO can't be reached/, /nothing was done/, /kubectl get pods -n /),
      );
      assert.match((await driftOf(stack)).unseen.join(), /^MinIO/);
      assert.deepEqual(await urns(), before);
    } finally {
      await p.cluster.scale(p.workloads.minio, p.workloads.minio.replicas);
    }
    const { changes } = await (await p.stack()).refresh();
    assert.equal(changeCount(changes), 0);
    assert.deepEqual(await urns(), before);
  });

  core("goes on at another port where the tunnel's is taken, and says which setting changes it", async () => {
    const port = p.settings.minio.tunnelPort;
    const holder = createServer((socket) => socket.resume()).listen(port, "127.0.0.1");
    await once(holder, "listening");
    const said: string[] = [];
    const onEvent = ({ diagnosticEvent }: EngineEvent) => said.push(diagnosticEvent?.message ?? "");
    try {
      await (await p.stack({}, onEvent)).up();
    } finally {
      holder.close();
      await once(holder, "close");
    }
    assert.match(said.join(""), new RegExp(`port ${port} is in use.*minio\\.tunnelPort`));
    await p.up(); // at the stack's own port again
    assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
  });

  full("four ups; no log is at risk", "continues from an up that was killed in the middle of a release", async () => {
    const { loki: namespace } = p.settings.namespaces;
    const newest = async () =>
      (await helmRecords(p.cluster.kubeConfig, [namespace])).sort((a, b) => b.revision - a.revision)[0]!;
    const limits = { ...p.settings.loki.limits, maxEntriesLimitPerQuery: 4999 };
    const { revision } = await newest();

    const doomed = await p.stack({ loki: { limits } });
    const died = assert.rejects(doomed.up());
    await waitFor(
      "Helm at work",
      90,
      async () => ((await newest()).status === "pending-upgrade" ? true : undefined),
      100,
    );
    assert.ok(killDescendants("pulumi") > 0);
    await died;
    assert.deepEqual(
      { revision: (await newest()).revision, status: (await newest()).status },
      { revision: revision + 1, status: "pending-upgrade" },
    );

    await (await p.stack({ loki: { limits } })).up();
    assert.equal((await newest()).status, "deployed");
    const config = await waitFor("Loki's answer", 60, async () => (await p.askLoki("/config")).text());
    assert.match(config, /max_entries_limit_per_query: 4999/);

    await (await p.stack()).up();
    assert.equal(changeCount((await (await p.stack()).preview()).changes), 0);
  });
});
