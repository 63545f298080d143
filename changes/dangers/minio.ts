import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { tierAddress } from "../../render/minio/tier";
import { speaksTls } from "../../render/tls";
import type { Existing } from "./existing";
import { storesInMinio } from "./objectStore";

/** A change of MinIO's servers or drives. A MinIO pool cannot be resized, neither up nor down. */
export function replacedMinio({ minio }: Existing, settings: Settings): Danger[] {
  const server = minio.workloads.find(({ name }) => name === "minio");
  if (server === undefined) return [];
  const [servers, drives] = server.kind === "Deployment" ? [1, 1] : [server.replicas, server.volumes.length];
  const { servers: wanted, drivesPerServer } = settings.minio;
  if (servers === wanted && drives === drivesPerServer) return [];
  return [
    {
      key: servers === wanted ? "minio.drivesPerServer" : "minio.servers",
      problem:
        `changes ${servers} x ${drives} drives to ${wanted} x ${drivesPerServer}: a MinIO pool cannot be resized, so it ` +
        "would start empty or not at all",
      remedy:
        "set it back, or bring up a second stack of the new size and copy the buckets to it (mc mirror) before you " +
        "remove this one",
      allow: "minio-replaced",
    },
  ];
}

/**
 * TLS switched on or off. MinIO servers with and without TLS cannot form one cluster, and an update changes one server
 * at a time: the first one would wait for the others forever.
 */
export function switchedTls({ minio, lokiConfig }: Existing, settings: Settings): Danger[] {
  const server = minio.workloads.find(({ kind, name }) => kind === "StatefulSet" && name === "minio");
  const insecure = storesInMinio({ lokiConfig }) ? lokiConfig?.common?.storage?.s3?.insecure : undefined;
  if (server === undefined || insecure !== speaksTls(settings.tls)) return [];
  const { certificates } = settings.tls;
  return [
    {
      key: "tls.certificates",
      problem:
        `is ${certificates}: MinIO servers with and without TLS cannot form one cluster, and up would change them one ` +
        "at a time and stop at the first",
      remedy:
        "delete the servers (their volumes stay, and Loki waits), then run up, which creates them again:  " +
        `kubectl -n ${settings.namespaces.minio} delete statefulset minio`,
    },
  ];
}

/** Another name for a bucket that Loki stores in. Pulumi would replace the bucket, and so delete its content. */
export function replacedBuckets({ lokiConfig }: Existing, { minio, objectStore }: Settings): Danger[] {
  if (storesInMinio({ lokiConfig }) !== true || objectStore.kind !== "minio") return [];
  const used = {
    chunks: lokiConfig?.common?.storage?.s3?.bucketnames,
    ruler: lokiConfig?.ruler?.storage?.s3?.bucketnames,
  };
  return (["chunks", "ruler"] as const)
    .filter((role) => used[role] !== undefined && used[role] !== minio.buckets[role])
    .map((role) => ({
      key: `minio.buckets.${role}`,
      problem: `is ${minio.buckets[role]}, but Loki stores in ${used[role]}: that bucket and its content would be deleted`,
      remedy: `set it back to ${used[role]}`,
      allow: "bucket-replaced",
    }));
}

/** A remote tier that is removed or replaced. The index still refers to chunks that only the old tier holds. */
export function changedTier({ tier: was }: Existing, { minio: { tier } }: Settings): Danger[] {
  const is = tier === undefined ? "unset" : tierAddress(tier);
  if (was === undefined || was === is) return [];
  const key = "minio.tier";
  const remedy =
    "set it back; to stop moving chunks, leave retention.coldDays out and keep the tier until its chunks are past " +
    "their retention";
  return [
    {
      key,
      problem:
        `is ${is}, but chunks have been moved to ${was}: MinIO would lose the address and the credentials that it needs ` +
        "to read them",
      remedy,
      allow: "tier-changed",
    },
  ];
}

/** A prod stack with data that is not protected from deletion. */
export function unprotectedData({ loki, minio }: Existing, { profile, protectData }: Settings): Danger[] {
  if (profile !== "prod" || protectData || minio.workloads.length + loki.workloads.length === 0) return [];
  return [
    {
      key: "protectData",
      problem: "is false in prod: from then on, a destroy or a replacement deletes every log without asking",
      remedy: "set it to true",
      allow: "data-unprotected",
    },
  ];
}
