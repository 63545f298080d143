import { dirname } from "node:path";
import { planOf } from "../../../render/plan";
import { PodProcesses } from "../../support/podProcesses";
import { objectNames } from "../../support/store";
import { testNode } from "../../support/testPlatform";
import { withTenantLimits } from "../../support/tenantLimits";
import { broken, patched, type DoctorFault } from "./fault";
import { lineOf, whilePushing } from "./pushes";
import { onSmallVolume } from "./smallVolume";

const stream = { namespace: "e2e-doctor-pushes" };

/** Faults of Loki, and of those who push to it. */
export const lokiFaults: readonly DoctorFault[] = [
  {
    title: "Loki that is away, before what Alloy suffers from it",
    cause: "loki/workload",
    within: broken(
      (p) => p.cluster.scale(p.workloads.loki, 0),
      (p) => p.cluster.scale(p.workloads.loki, p.workloads.loki.replicas),
    ),
  },
  {
    title: "a store key that MinIO refuses",
    cause: "loki/store-login",
    within: async (p, work) => {
      const at = { namespace: p.settings.namespaces.loki, name: "loki-object-store" };
      const path = `/api/v1/namespaces/${at.namespace}/secrets/${at.name}`;
      const { S3_SECRET_ACCESS_KEY: key } = await p.cluster.secret(at);
      try {
        await patched(p, path, { stringData: { S3_SECRET_ACCESS_KEY: "not-the-key" } });
        await work();
      } finally {
        await patched(p, path, { stringData: { S3_SECRET_ACCESS_KEY: key } });
        // Loki's pod has to start after the Secret was written.
        await p.cluster.restart(p.workloads.loki);
      }
    },
  },
  {
    title: "lines that are too old",
    cause: "loki/discards",
    within: (p, work) =>
      whilePushing(
        p,
        () => [{ stream, values: [lineOf("late", p.settings.loki.limits.rejectOldSamplesHours + 24)] }],
        work,
      ),
  },
  {
    title: "lines that are too long",
    cause: "loki/discards",
    within: (p, work) => whilePushing(p, () => [{ stream, values: [lineOf("x".repeat(300_000))] }], work),
  },
  {
    title: "a tenant that sends more than its rate",
    cause: "loki/discards",
    within: (p, work) =>
      withTenantLimits(p, p.settings.tenant, { ingestion_rate_mb: 0.05, ingestion_burst_size_mb: 0.1 }, () =>
        whilePushing(p, () => [{ stream, values: [lineOf("x".repeat(120_000))] }], work),
      ),
  },
  {
    title: "a tenant that has too many streams",
    cause: "loki/discards",
    within: (p, work) =>
      withTenantLimits(p, p.settings.tenant, { max_global_streams_per_user: 20 }, () =>
        whilePushing(
          p,
          (round) =>
            Array.from({ length: 30 }, (_, index) => ({
              stream: { ...stream, app: `app-${round}-${index}` },
              values: [lineOf("one of many")],
            })),
          work,
        ),
      ),
  },
  {
    title: "a write-ahead log whose volume is full",
    cause: "loki/wal",
    within: (p, work) => onSmallVolume(p, p.workloads.loki, { sizeMiB: 64, freeMiB: 4 }, work),
  },
  {
    title: "a compactor that is stuck at a damaged index",
    cause: "loki/compactor",
    seconds: 480,
    within: async (p, work) => {
      const overrides = { retention: { compactionIntervalMinutes: 1 } };
      const { chunks } = p.settings.minio.buckets;
      await p.withSettings(overrides, async () => {
        const [index] = await p.asRoot(({ client }) => objectNames(client, chunks, "index/"));
        const damaged = `${dirname(index!.name)}/1-damaged.tsdb.gz`;
        await p.asRoot(({ client }) => client.putObject(chunks, damaged, "not an index"));
        try {
          await work(overrides);
        } finally {
          await p.asRoot(({ client }) => client.removeObject(chunks, damaged));
        }
      });
    },
  },
  {
    title: "a ring with a dead member",
    cause: "loki/ring",
    seconds: 240,
    holds: (p) => planOf(p.settings).topology.kvstore === "memberlist",
    within: broken(
      (p) => {
        const processes = new PodProcesses(p.cluster, testNode);
        const { loki } = p.workloads;
        return p.cluster.scale(loki, loki.replicas - 1, async (pod) => processes.end(pod));
      },
      (p) => p.cluster.scale(p.workloads.loki, p.workloads.loki.replicas),
    ),
  },
];
