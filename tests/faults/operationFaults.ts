import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../domain/problem";
import type { Bench, Fault } from "./fault";
import type { Part } from "./replicas";

async function cordon({ platform }: Bench, unschedulable: boolean): Promise<void> {
  const { core } = platform.cluster;
  const [node] = (await core.listNode()).items;
  await core.replaceNode({ name: node!.metadata!.name!, body: { ...node!, spec: { ...node!.spec, unschedulable } } });
}

/** Asks once for the eviction of each of these pods. @returns how many their disruption budgets refused */
async function evict({ platform }: Bench, pods: readonly { namespace: string; name: string }[]): Promise<number> {
  let refused = 0;
  for (const { namespace, name } of pods) {
    await platform.cluster.core
      .createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } })
      .catch((error: unknown) => {
        if (codeOf(error) !== 429) throw error;
        refused += 1;
      });
  }
  return refused;
}

/**
 * Evicts until every earlier pod has been replaced. The only node can't place them elsewhere, so it takes them back
 * after each round.
 */
async function drain(bench: Bench): Promise<void> {
  // A drain leaves a DaemonSet's pods.
  const drained: readonly Part[] = [...bench.replicas.lokiParts, "gateway", "minio"];
  const podsNow = async () => {
    const pods = await Promise.all(drained.map(async (part) => bench.replicas.podsOf(part)));
    return pods.flat().map(({ metadata }) => ({
      uid: metadata?.uid ?? "",
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
    }));
  };
  const before = new Set((await podsNow()).map(({ uid }) => uid));
  const rounds = bench.short ? 1 : 10;
  let refusals = 0;
  let left = before.size;
  for (let round = 1; round <= rounds && left > 0; round++) {
    const pods = (await podsNow()).filter(({ uid }) => before.has(uid));
    await cordon(bench, true);
    try {
      refusals += await evict(bench, pods);
    } finally {
      await cordon(bench, false);
    }
    await bench.replicas.allReady(300);
    left = (await podsNow()).filter(({ uid }) => before.has(uid)).length;
    bench.say(`round ${round}: ${before.size - left} of ${before.size} pods moved`);
  }
  bench.note(
    `${before.size - left} of ${before.size} pods moved, ${refusals} evictions refused by disruption budgets until later`,
  );
  if (!bench.short && left > 0) throw new Error(`${left} pods were never moved`);
}

/** Another tag for the image that runs. */
const nextTag = (tag: string) => `${tag}-next`;

/** Faults that an administrator causes. */
export const operationFaults: readonly Fault[] = [
  {
    name: "calm",
    size: { fullOnly: "breaks nothing: with --alerts it shows that none fires then" },
    what: () => "nothing, for 3 minutes",
    how: "the load alone",
    load: "push",
    pushes: "none refused",
    reads: true,
    run: async () => sleep(180_000),
  },
  {
    name: "drain",
    size: { fullOnly: "takes minutes, and the golden files guard the disruption budgets that it tests" },
    what: ({ short }) =>
      short
        ? "node drained, as far as the disruption budgets allow at once"
        : "node drained, until every pod was moved",
    how:
      "cordon, eviction of every pod through the Eviction API, uncordon when the budgets refuse more, and " +
      "again: the one node takes the pods back",
    load: "pods",
    alerts: {
      fire: [],
      mayFire: [
        "LogharborLokiPodDown",
        "LogharborLokiRequestLatency",
        "LogharborRulerFailing",
        "LogharborMinioServerOffline",
        "LogharborMinioDriveOffline",
      ],
    },
    run: drain,
  },
  {
    name: "up",
    size: { fullOnly: "two and a half minutes; every pod of Loki stops gracefully" },
    what: () => "`up` to a new version of Loki",
    // The last fault, because only the next run's `up` undoes it.
    how: "the same program under another tag, which replaces every pod of Loki",
    load: "pods",
    alerts: { fire: [], mayFire: ["LogharborLokiPodDown", "LogharborRulerFailing"] },
    run: async ({ platform, overrides, processes, note }) => {
      const { loki } = platform.settings.images;
      const image = (tag: string) => `${loki.registry}/${loki.repository}:${tag}`;
      await processes.alias(image(loki.tag), image(nextTag(loki.tag)));
      const began = Date.now();
      await (await platform.stack({ ...overrides, images: { loki: { ...loki, tag: nextTag(loki.tag) } } })).up();
      note(`up took ${Math.round((Date.now() - began) / 1000)} s`);
    },
  },
];
