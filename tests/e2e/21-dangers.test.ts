import assert from "node:assert/strict";
import { resourcesOf } from "../../automation/state";
import { platform, type Overrides } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("a change that would lose logs or fail halfway", () => {
  const p = platform();

  before(async () => p.ensureUp());

  /** A preview runs the same program as an up, in less time. */
  const refused = async (operation: "preview" | "up", overrides: Overrides, ...says: RegExp[]) => {
    const stack = await p.stack(overrides);
    await assert.rejects(stack[operation](), (error: Error) => {
      assert.match(error.message, /nothing was touched/);
      for (const part of says) assert.match(error.message, part);
      return true;
    });
  };
  const { loki, retention, minio, namespaces } = p.settings;
  const statefulSets = p.lokiTargets.filter(({ kind }) => kind === "StatefulSet").length;

  core("is refused before anything is touched, with every danger and its remedy in one message", async () => {
    const before = resourcesOf(await p.exportState()).length;
    for (const operation of ["preview", "up"] as const) {
      await refused(
        operation,
        {
          loki: { volumeSize: "99Gi" },
          retention: { warmDays: 1, hotDays: 1 },
          minio: { buckets: { ...minio.buckets, chunks: "elsewhere" } },
        },
        new RegExp(`${2 + statefulSets} changes would lose logs`),
        new RegExp(`loki\\.volumeSize is 99Gi, above the ${loki.volumeSize} of StatefulSet ${p.workloads.loki.name}`),
        /StorageClass of \S+.* does not let volumes grow/,
        new RegExp(`retention\\.warmDays keeps logs for 1 day instead of ${retention.warmDays} days`),
        /or accept it: pulumi config set --path 'logharbor:allow\[0\]' retention-cut/,
        /minio\.buckets\.chunks is elsewhere, but Loki stores in loki-bucket/,
      );
    }
    assert.equal(resourcesOf(await p.exportState()).length, before);
  });

  core("is refused if it edits a schema period, resizes MinIO, or moves a namespace", async () => {
    const [period] = loki.schema;
    await refused(
      "preview",
      { loki: { schema: [{ ...period, indexPrefix: "other_" }] } },
      /lacks the period from/,
      /schema-edited/,
    );
    await refused("preview", { minio: { servers: 8 } }, /a MinIO pool cannot be resized/, /minio-replaced/);
    await refused(
      "preview",
      { namespaces: { ...namespaces, loki: "elsewhere" } },
      /lives in logharbor-loki: that namespace and every log in it would be deleted/,
    );
  });

  full("two ups; the refusals above guard the logs", "passes if the stack allows it", async () => {
    await p.withSettings(
      { retention: { warmDays: retention.warmDays - 1, hotDays: 1 }, allow: [...p.settings.allow, "retention-cut"] },
      async (changed) => {
        assert.deepEqual(changed, ["update Release logharbor-loki-release"]);
        const period = new RegExp(`^ *retention_period: (${(retention.warmDays - 1) * 24}h|\\d+d|\\d+w\\d?d?)`, "m");
        assert.match(await waitFor("Loki's answer", 60, async () => (await p.askLoki("/config")).text()), period);
      },
    );
  });
});
