import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Overrides, Platform } from "./platform";
import { PodProcesses } from "./podProcesses";
import { testNode } from "./testPlatform";
import { waitFor } from "./wait";

/**
 * Brings the platform up with other settings of TLS. The servers of a distributed MinIO must switch together. The
 * danger gate says how, and this does it.
 */
export async function switchTls(p: Platform, overrides: Overrides): Promise<void> {
  const { kind, name, namespace } = p.workloads.minio;
  if (kind === "StatefulSet") {
    await assert.rejects((await p.stack(overrides)).up(), /kubectl -n \S+ delete statefulset minio/);
    await p.cluster.apps.deleteNamespacedStatefulSet({ namespace, name });
    await waitFor("the end of MinIO's servers", 120, async () =>
      (await p.cluster.pods(namespace)).length === 0 ? true : undefined,
    );
  }
  await endingLokiAtOnce(p, (await p.stack(overrides)).up());
}

/**
 * When MinIO has already switched, a stopping Loki tries for two minutes to flush to it over the old protocol. Its
 * lines are in its write-ahead log, so we kill it at once.
 */
async function endingLokiAtOnce(p: Platform, work: Promise<unknown>): Promise<void> {
  const processes = new PodProcesses(p.cluster, testNode);
  const settled = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, sleep(1_000, false)]))) {
    const pods = await p.cluster.podsOf(p.workloads.loki).catch(() => []);
    // The process, not the pod: while the old one runs on without a pod, it holds the locks on the volume's files.
    for (const pod of pods.filter(({ metadata }) => metadata?.deletionTimestamp !== undefined))
      await processes.kill(pod).catch(() => false);
  }
  await work;
}
