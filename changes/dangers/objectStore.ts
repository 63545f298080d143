import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { hasMinio } from "../../domain/objectStore";
import { storeOf } from "../../render/objectStore";
import type { Existing } from "./existing";

/** The endpoint of a stack's own MinIO. */
const ofMinio = /^minio\.[^.]+\.svc:\d+$/;

/** Whether the running Loki stores in its stack's MinIO. Undefined if nobody knows where it stores. */
export function storesInMinio({ lokiConfig }: Pick<Existing, "lokiConfig">): boolean | undefined {
  const store = lokiConfig?.common?.storage?.s3;
  return store && ofMinio.test(store.endpoint ?? "");
}

/** Another object store, or other buckets there. Nothing is deleted, but Loki no longer finds what it has stored. */
export function changedStore({ lokiConfig }: Existing, settings: Settings): Danger[] {
  const { kind } = settings.objectStore;
  const [wasMinio, isMinio] = [storesInMinio({ lokiConfig }), kind === "minio"];
  // Within MinIO, other names have dangers of their own.
  if (wasMinio === undefined || (wasMinio && isMinio)) return [];
  const store = lokiConfig?.common?.storage?.s3;
  const ruler = lokiConfig?.ruler?.storage;
  const { buckets, storeRegion, storeUrl } = storeOf(settings);
  const was = { address: address(store?.endpoint, store?.region), chunks: store?.bucketnames };
  const is = { address: address(storeUrl && new URL(storeUrl).host, storeRegion), chunks: buckets.chunks };
  if (wasMinio !== isMinio)
    return [changed("objectStore.kind", kind, `bucket ${was.chunks} of ${wasMinio ? "MinIO" : was.address}`)];
  const changes: [key: string, is: string | undefined, was: string | undefined][] = [
    [storeUrl === undefined ? "objectStore.region" : "objectStore.endpoint", is.address, was.address],
    ["objectStore.buckets.chunks", is.chunks, was.chunks],
    // Rules of the settings are in no bucket.
    ...(ruler?.type === "s3" && buckets.ruler !== undefined
      ? [["objectStore.buckets.ruler", buckets.ruler, ruler.s3?.bucketnames] as [string, string, string | undefined]]
      : []),
  ];
  return changes.flatMap(([key, now, before]) =>
    now === before || before === undefined ? [] : [changed(key, now ?? "unset", before)],
  );
}

function changed(key: string, is: string, was: string): Danger {
  return {
    key,
    problem: `is ${is}, but Loki stores in ${was}: it would no longer find what is there, unless that was copied`,
    remedy: "set it back; or copy the logs first, as docs/object-store.md says, and then allow it for one up",
    allow: "object-store-change",
  };
}

function address(endpoint: string | undefined, region = ""): string {
  return endpoint ?? `AWS S3 in ${region}`;
}

/** A MinIO that the settings no longer have. Pulumi would delete it, with the volumes in its namespace. */
export function removedMinio(existing: Existing, settings: Settings): Danger[] {
  const { namespaces, objectStore } = settings;
  const homes = existing.homes.filter(({ part }) => part === "minio").map(({ name }) => name);
  const { claims, workloads } = existing.minio;
  if (hasMinio(objectStore) || homes.length + workloads.length === 0) return [];
  const volumes = claims
    .filter(({ name }) => /^(minio|export(-\d+)?-minio-\d+)$/.test(name))
    .map(({ name, size }) => `${name} (${size})`);
  const held = storesInMinio(existing) === false ? "what was not copied to the other store" : "every stored log";
  return [
    {
      key: "objectStore.moving",
      problem:
        `is false and objectStore.kind is s3, but the stack has a MinIO: it would be deleted in namespace ` +
        `${homes.join(", ") || namespaces.minio} with its volumes ${volumes.join(", ")}, and so ${held}`,
      remedy:
        "set it to true: then MinIO stays with its volumes beside the other store, until you have copied the logs and " +
        "read them back (docs/object-store.md)",
      allow: "minio-removed",
    },
  ];
}
