import type { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../../config/settings";
import { objectKey, type Collision } from "./collisions";
import { nameInGeneration, validGenerations } from "../../domain/credentials";
import { generationOf } from "../../render/rotation";
import { hasMinio } from "../../domain/objectStore";
import { storeNames } from "../../render/minio/storePolicy";
import { textOf } from "../../domain/problem";
import { openStore, type Store } from "../../cluster/store";

/** A named object in MinIO. */
export interface StoreObject {
  /** What it is. */
  kind: "Bucket" | "User" | "Policy";
  /** Its name in MinIO. */
  name: string;
}

/** The named objects that a stack makes in MinIO. */
export function storeObjects({
  minio,
  objectStore,
  rotation,
}: Pick<Settings, "minio" | "objectStore" | "rotation">): StoreObject[] {
  if (!hasMinio(objectStore)) return [];
  return [
    ...Object.values(minio.buckets).map((name): StoreObject => ({ kind: "Bucket", name })),
    ...validGenerations(generationOf({ rotation }, "lokiStore")).map((number): StoreObject => ({
      kind: "User",
      name: nameInGeneration(storeNames.user, number),
    })),
    { kind: "Policy", name: storeNames.policy },
  ];
}

/** What the stack's MinIO holds under the names that the stack needs. */
export interface StoreContent {
  /** Objects that exist and that the state lacks. */
  there: StoreObject[];
  /** The policy of Loki's user, as JSON. Undefined if there is none. */
  policy?: string;
}

/**
 * Those objects in MinIO that are the stack's although its state lacks them. Objects in MinIO carry no mark, but Loki's
 * policy names the stack's buckets, and only the stack's root user can have written it. Pure.
 * @param begun keys of objects whose creation an interrupted run began
 */
export function lostObjects(
  { there, policy = "{}" }: StoreContent,
  { minio }: Pick<Settings, "minio">,
  begun: ReadonlySet<string>,
): StoreObject[] {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: { Resource?: string | string[] }[] };
  const named = Statement.flatMap(({ Resource = [] }) => Resource);
  const names = (bucket: string) => named.includes(`arn:aws:s3:::${bucket}`);
  const isWritten = Object.values(minio.buckets).some(names);
  return there.filter(
    ({ kind, name }) => begun.has(objectKey(kind, name)) || (kind === "Bucket" ? names(name) : isWritten),
  );
}

/** Objects of others in MinIO with names that the stack needs. Pure. */
export function storeCollisions(foreign: readonly StoreObject[]): Collision[] {
  if (foreign.length === 0) return [];
  const buckets = foreign.filter(({ kind }) => kind === "Bucket").map(({ name }) => name);
  const others = foreign.filter(({ kind }) => kind !== "Bucket");
  return [
    {
      problem:
        `MinIO holds ${foreign.map(({ kind, name }) => `${kind.toLowerCase()} ${name}`).join(", ")}, which ` +
        `${foreign.length === 1 ? "is" : "are"} not in this stack's state but ` +
        `${foreign.length === 1 ? "has a name" : "have names"} that it needs`,
      remedy: [
        ...(buckets.length > 0
          ? ["name other buckets: pulumi config set --path logharbor:minio.buckets.chunks NAME (or .ruler)"]
          : []),
        ...others.map(
          ({ kind, name }) => `remove it, if nothing uses it: mc admin ${kind.toLowerCase()} rm ALIAS ${name}`,
        ),
      ],
    },
  ];
}

/**
 * Looks in the stack's MinIO, as its root user, for objects with names that the stack needs but its state lacks. Does
 * nothing if the state lacks none of them, or has no MinIO. Changes nothing. If MinIO could not be asked, `unseen` says
 * why.
 */
export async function foundInStore(
  kubeConfig: KubeConfig,
  settings: Settings,
  known: ReadonlySet<string>,
): Promise<StoreContent & { unseen: string[] }> {
  const wanted = storeObjects(settings).filter(({ kind, name }) => !known.has(objectKey(kind, name)));
  if (wanted.length === 0 || !known.has(objectKey("Release", "minio", settings.namespaces.minio)))
    return { there: [], unseen: [] };
  try {
    return { ...(await asked(kubeConfig, settings, wanted)), unseen: [] };
  } catch (error) {
    return { there: [], unseen: [`buckets and users of MinIO (${textOf(error).split("\n")[0]})`] };
  }
}

async function asked(
  kubeConfig: KubeConfig,
  settings: Settings,
  wanted: readonly StoreObject[],
): Promise<StoreContent> {
  const store = await openStore(kubeConfig, settings);
  try {
    const found = await Promise.all(wanted.map(async (object) => ((await isThere(store, object)) ? [object] : [])));
    return { there: found.flat(), policy: await store.admin("info-canned-policy", `name=${storeNames.policy}`) };
  } finally {
    await store.close();
  }
}

async function isThere({ client, admin }: Store, { kind, name }: StoreObject): Promise<boolean> {
  if (kind === "Bucket") return client.bucketExists(name);
  const [call, query] = kind === "User" ? ["user-info", `accessKey=${name}`] : ["info-canned-policy", `name=${name}`];
  return (await admin(call, query)) !== undefined;
}
