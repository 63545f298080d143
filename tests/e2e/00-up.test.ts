import assert from "node:assert/strict";
import { changeCount } from "../../automation/engineProgress";
import { planOf } from "../../render/plan";
import { secretNames } from "../../domain/names";
import { resourcesOf } from "../../automation/state";
import { recorder } from "../support/events";
import { platform } from "../support/platform";
import { core } from "../support/sizes";

describe("up", () => {
  const p = platform();
  let isFresh = false;

  before(async () => {
    isFresh = resourcesOf(await p.exportState()).length === 0;
  });

  core("previews a stack that does not exist yet, without any MinIO", async function () {
    if (!isFresh) this.skip(); // --keep left a platform
    assert.equal(await p.cluster.hasNamespace(p.settings.namespaces.minio), false);
    const seen = recorder();
    const { changes } = await (await p.stack({}, seen.onEvent)).preview();
    assert.deepEqual(Object.keys(changes), ["create"]);
    for (const kind of ["S3Bucket", "IamUser", "IamPolicy", "IamUserPolicyAttachment", "Release"]) {
      assert.ok(
        seen.changed().some((step) => step.startsWith(`create ${kind} `)),
        `no ${kind} in ${seen.changed().join(", ")}`,
      );
    }
    assert.equal(await p.cluster.hasNamespace(p.settings.namespaces.minio), false);
  });

  core("finds nothing wrong with the cluster beforehand", async () => {
    const { findings } = await (await p.stack()).preflight();
    assert.deepEqual(findings, []);
  });

  core("makes the platform from nothing, the store before everything that writes to it", async function () {
    if (!isFresh) this.skip();
    const seen = recorder();
    const { changes } = await p.up(seen.onEvent);
    assert.deepEqual(Object.keys(changes), ["create"]);

    const [minio, loki] = ["logharbor-minio-release", "logharbor-loki-release"];
    const rights = [
      "logharbor-store-chunks",
      "logharbor-store-ruler",
      "logharbor-store-loki",
      "logharbor-store-loki-policy",
      "logharbor-store-loki-attachment",
    ];
    for (const name of rights) {
      assert.ok(seen.end(minio) < seen.begin(name), `${name} began before MinIO was ready`);
      assert.ok(seen.end(name) < seen.begin(loki), `Loki began before ${name} was ready`);
    }
  });

  core("brings every pod of the platform to readiness without a restart", async () => {
    await p.ensureUp();
    for (const workload of [...Object.values(p.workloads), ...p.lokiTargets]) {
      const pods = await p.cluster.podsOf(workload);
      assert.ok(pods.length > 0, `${workload.name} has no pod`);
      for (const { metadata, status } of pods) {
        const states = status?.containerStatuses ?? [];
        assert.ok(states.length > 0);
        for (const { name, ready, lastState } of states) {
          const ended = lastState?.terminated;
          // A container that the runtime could not start at first has not run.
          if (ready && (ended === undefined || ended.reason === "StartError")) continue;
          const log = await p.cluster.lastWords(metadata!, name);
          assert.fail(`${metadata?.name} ${name}: ready ${ready}, ended with ${JSON.stringify(ended)}\n${log}`);
        }
      }
    }
  });

  core("says in its outputs where things are, and puts no credential there", async () => {
    await p.ensureUp();
    const outputs = await (await p.stack()).outputs();
    const { namespaces, tenant } = p.settings;
    assert.deepEqual(outputs.endpoints, planOf(p.settings).addresses);
    assert.equal(outputs.tenant, tenant);
    assert.deepEqual(outputs.secrets, {
      minioRoot: { namespace: namespaces.minio, name: secretNames.minioRoot },
      lokiStore: { namespace: namespaces.loki, name: secretNames.lokiStore },
    });
    const { rootPassword } = await p.cluster.secret({ namespace: namespaces.minio, name: secretNames.minioRoot });
    const { S3_SECRET_ACCESS_KEY } = await p.cluster.secret({
      namespace: namespaces.loki,
      name: secretNames.lokiStore,
    });
    const text = JSON.stringify(outputs);
    assert.ok(!text.includes(rootPassword!) && !text.includes(S3_SECRET_ACCESS_KEY!));
  });

  core("has nothing to do in a second run", async () => {
    await p.ensureUp();
    const seen = recorder();
    const stack = await p.stack({}, seen.onEvent);
    const planned = await stack.preview();
    assert.equal(changeCount(planned.changes), 0, seen.changed().join(", "));
    const { changes } = await stack.up();
    assert.equal(changeCount(changes), 0, seen.changed().join(", "));
  });
});
