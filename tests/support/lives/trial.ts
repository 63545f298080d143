import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, type V1Pod, type V1PodSpec } from "@kubernetes/client-node";
import type { Entry } from "../../../logs/query";
import type { TestCluster } from "../cluster";
import { waitFor } from "../wait";
import { expectedLines, parseLine, podSpec, type Life, type Round, type Source } from "./life";
import { LogWatch } from "./logWatch";
import type { Row } from "./table";

/** Where lives are lived. */
export interface Bench {
  cluster: TestCluster;
  /** Root file system of the node. */
  root: string;
  source: Source;
  /** Every stored line of a namespace since then. */
  stored: (namespace: string, since: Date) => Promise<Entry[]>;
  /** What happens in the middle of a round; calm: nothing. */
  disturb: Record<Round, () => Promise<void>>;
}

const disturbedAfterMs = 6_000;
/** If no new lines come for this long, no more will come. */
const settledMs = 10_000;
/** Long enough for a machine that is busy with other work. */
const longestSeconds = 420;

/** Lives all of them at the same time, and returns what happened to the lines of each. */
export async function live(lives: readonly Life[], round: Round, bench: Bench): Promise<Row[]> {
  const namespace = `e2e-lives-${Date.now().toString(36)}`;
  const began = new Date(Date.now() - 1_000);
  const watch = new LogWatch(bench.root, namespace);
  await bench.cluster.createNamespace(namespace);
  watch.start();
  try {
    const disturbance = sleep(disturbedAfterMs).then(bench.disturb[round]);
    await Promise.all([disturbance, ...lives.map(async (life) => liveOne(life, namespace, bench, watch))]);
    const entries = await settled(lives, namespace, began, bench);
    return lives.map((life) => ({
      life,
      source: bench.source,
      round,
      ...judge(life, namespace, entries),
      keptSeconds: Math.min(...watch.kept(`${life.name}-p`)),
    }));
  } finally {
    watch.stop();
    await bench.cluster.removeNamespace(namespace);
  }
}

/** One life, from the start of its pods to their end. */
async function liveOne(life: Life, namespace: string, { cluster }: Bench, watch: LogWatch): Promise<void> {
  const names = Array.from({ length: life.pods }, (_, index) => `${life.name}-p${index}`);
  const spec = podSpec(life, cluster.shellImage);
  const { end } = life;
  if (life.owner === undefined)
    await Promise.all(
      names.map(async (name) =>
        cluster.core.createNamespacedPod({ namespace, body: { metadata: { name, labels: { app: life.name } }, spec } }),
      ),
    );
  else await startJobs(life, spec, namespace, cluster);
  if (end.by === "itself") {
    await over(life, namespace, cluster);
    return;
  }
  const grace = end.graceSeconds;
  await Promise.all(
    names.map(async (name) => {
      await waitFor(
        `the lines of ${name}`,
        longestSeconds,
        () => Promise.resolve(watch.text(name).includes(" seq=20\n") ? true : undefined),
        50,
      );
      if (end.by === "delete") await cluster.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: grace });
      else
        await cluster.core.createNamespacedPodEviction({
          namespace,
          name,
          body: { metadata: { name, namespace }, deleteOptions: { gracePeriodSeconds: grace } },
        });
    }),
  );
  await over(life, namespace, cluster);
}

async function startJobs(life: Life, spec: V1PodSpec, namespace: string, { kubeConfig }: TestCluster): Promise<void> {
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const template = { metadata: { labels: { app: life.name } }, spec };
  if (life.owner?.kind === "CronJob") {
    const jobTemplate = { spec: { completions: life.pods, parallelism: life.pods, template } };
    const body = {
      metadata: { name: `${life.name}-p` },
      spec: { schedule: "* * * * *", concurrencyPolicy: "Forbid", jobTemplate },
    };
    await batch.createNamespacedCronJob({ namespace, body });
    await waitFor(
      `a Job of ${life.name}`,
      longestSeconds,
      async () =>
        (await batch.listNamespacedJob({ namespace })).items.some(({ metadata }) =>
          metadata?.name?.startsWith(`${life.name}-p-`),
        )
          ? true
          : undefined,
      200,
    );
    await batch.patchNamespacedCronJob({
      namespace,
      name: body.metadata.name,
      body: [{ op: "add", path: "/spec/suspend", value: true }],
    });
    return;
  }
  for (let index = 0; index < life.pods; index++) {
    const ttlSecondsAfterFinished = life.owner?.kind === "Job" ? life.owner.ttlSeconds : undefined;
    await batch.createNamespacedJob({
      namespace,
      body: {
        metadata: { name: `${life.name}-p${index}` },
        spec: { template, backoffLimit: 0, ttlSecondsAfterFinished },
      },
    });
  }
}

/** Waits until no pod of a life has anything more to write. */
async function over(life: Life, namespace: string, { core }: TestCluster): Promise<void> {
  const vanishes = life.end.by !== "itself" || (life.owner?.kind === "Job" && life.owner.ttlSeconds === 0);
  let seen = 0;
  await waitFor(`the end of ${life.name}`, longestSeconds, async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${life.name}` });
    seen = Math.max(seen, items.length);
    if (vanishes) return items.length === 0 && (seen > 0 || life.end.by !== "itself") ? true : undefined;
    return seen >= life.pods && items.every((pod) => isOver(life, pod)) ? true : undefined;
  });
}

function isOver({ writers }: Life, { status }: V1Pod): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
  return writers.every(({ name, runs = 1, kind }) => {
    const found = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
      (container) => container.name === name,
    );
    if (found === undefined || found.restartCount < runs - 1) return false;
    return kind === "init" ? found.state?.terminated?.exitCode === 0 : found.state?.running !== undefined;
  });
}

/** The stored lines, once no more come. */
async function settled(lives: readonly Life[], namespace: string, began: Date, { stored }: Bench): Promise<Entry[]> {
  const expected = lives.reduce((sum, life) => sum + expectedLines(life), 0);
  for (let last = -1, since = Date.now(); ; await sleep(1_000)) {
    const entries = await stored(namespace, began);
    if (entries.length !== last) [last, since] = [entries.length, Date.now()];
    if (entries.length >= expected || Date.now() - since > settledMs) return entries;
  }
}

/** Compares what a life wrote with what is stored; a line without its labels counts as wrong. */
export function judge(
  life: Life,
  namespace: string,
  entries: readonly Entry[],
): Pick<Row, "expected" | "stored" | "missing" | "duplicate" | "wrong"> {
  const times = new Map<string, number>();
  let wrong = 0;
  for (const { line, labels, metadata } of entries) {
    const parsed = parseLine(line);
    if (parsed?.life !== life.name) continue;
    times.set(parsed.key, (times.get(parsed.key) ?? 0) + 1);
    const told = {
      namespace: labels.namespace,
      app: labels.app,
      container: labels.container,
      pod: metadata.pod ?? labels.pod,
    };
    if (
      told.namespace !== namespace ||
      told.app !== life.name ||
      told.container !== parsed.container ||
      told.pod !== parsed.pod
    )
      wrong++;
  }
  const expected = expectedLines(life);
  return {
    expected,
    stored: times.size,
    missing: expected - times.size,
    duplicate: [...times.values()].filter((count) => count > 1).length,
    wrong,
  };
}
