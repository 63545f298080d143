import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { Deployment } from "@pulumi/pulumi/automation";
import { helmRecords, isSameRelease, type HelmRecord, type ReleaseName } from "../cluster/helmRelease";
import { ifSeen } from "../cluster/looks";
import type { StoreObject } from "../changes/ownership/storeContent";
import type { Settings } from "../config/settings";
import type { Print } from "./journal";
import { halfRemoved, recoveries, removeRecords } from "./helmRecords";
import { knownReleases, mended, pendingOperations, unfinishedReleases, withBuckets } from "./state";

/** What a recovery works with. */
export interface Recovering {
  /** Name of the stack. */
  stack: string;
  /** Its state. */
  state: Deployment;
  /** Objects of the stack in MinIO that its state has lost. */
  lost: readonly StoreObject[];
  /** Its settings. */
  settings: Settings;
  /** Its cluster. */
  kubeConfig: KubeConfig;
  /** Waits for an answer of the cluster, and explains a failure for people. */
  asked: <T>(question: Promise<T>) => Promise<T>;
  /** Replaces the state. Rejects while somebody is at work on the stack. */
  replaceState: (state: Deployment) => Promise<void>;
  print: Print;
}

/**
 * Repairs what an interrupted run left, so that an `up` can continue: Helm's records, the state's pending operations,
 * and buckets that the state has lost.
 * @throws OperatorError if a destroy was interrupted while removing a release
 */
export async function recoverForUp(recovering: Recovering): Promise<void> {
  const { stack, state, lost, settings, kubeConfig, asked, replaceState, print } = recovering;
  const unfinished = unfinishedReleases(state);
  const all = knownReleases(state);
  const records = await asked(recordsOf(kubeConfig, [...all, ...unfinished]));
  const refusal = halfRemoved(stack, records, all);
  if (refusal !== undefined) throw refusal;
  // If the namespace is gone too, a refresh has to tell the state so.
  const absent = await asked(withoutNamespace(kubeConfig, withoutRecord(all, records)));
  const plan = recoveries(records, { known: all.filter((release) => !absent.includes(release)), unfinished });
  const pending = pendingOperations(state);
  const buckets = lost.flatMap(({ kind, name }) => (kind === "Bucket" ? [name] : []));
  if (plan.length === 0 && pending.length === 0 && buckets.length === 0) return;

  const that = (next: "upgrade" | "install") => plan.flatMap((one) => (one.next === next ? [one.release] : []));
  // Takes the stack's lock. If it passes, nobody is at work, so no release only looks interrupted.
  await replaceState(
    withBuckets(mended(state, { interrupted: that("upgrade"), gone: that("install") }), buckets, {
      roles: Object.fromEntries(Object.entries(settings.minio.buckets).map(([role, name]) => [name, role])),
      protect: settings.protectData,
    }),
  );
  for (const bucket of buckets)
    print(`bucket ${bucket} is the stack's, and its state had lost it; put it back, with all that it holds`);
  for (const { type, resource } of pending)
    print(`an earlier run was interrupted while ${type} ${resource.urn.split("::").at(-1)}; continuing from there`);
  for (const { records: gone, message } of plan) {
    await asked(removeRecords(kubeConfig, gone));
    print(message);
  }
}

/** Takes releases that Helm does not know any more out of the state: the engine would fail to remove them. */
export async function recoverForDestroy({
  state,
  kubeConfig,
  asked,
  replaceState,
  print,
}: Omit<Recovering, "lost" | "settings">): Promise<void> {
  const known = knownReleases(state);
  const gone = withoutRecord(known, await asked(recordsOf(kubeConfig, known)));
  if (gone.length === 0) return;
  await replaceState(mended(state, { gone }));
  for (const { namespace, name } of gone)
    print(`release ${namespace}/${name}: Helm has no record of it any more; removed its entry in the state`);
}

async function recordsOf(kubeConfig: KubeConfig, releases: readonly ReleaseName[]): Promise<HelmRecord[]> {
  return helmRecords(kubeConfig, [...new Set(releases.map(({ namespace }) => namespace))]);
}

function withoutRecord(releases: readonly ReleaseName[], records: readonly HelmRecord[]): ReleaseName[] {
  return releases.filter(
    (release) => !records.some(({ namespace, release: name }) => isSameRelease(release, { namespace, name })),
  );
}

async function withoutNamespace(kubeConfig: KubeConfig, releases: readonly ReleaseName[]): Promise<ReleaseName[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const absent = releases.map(async (release) => {
    const seen = await ifSeen(core.readNamespace({ name: release.namespace }), undefined);
    return seen === undefined ? [release] : [];
  });
  return (await Promise.all(absent)).flat();
}
