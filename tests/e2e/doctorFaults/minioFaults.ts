import assert from "node:assert/strict";
import { storeNames } from "../../../render/minio/storePolicy";
import { broken, madeAgain, type DoctorFault } from "./fault";
import { onSmallVolume } from "./smallVolume";

/** Faults of MinIO, and of what Loki needs in it. */
export const minioFaults: readonly DoctorFault[] = [
  {
    title: "MinIO that is away, before what Loki suffers from it",
    cause: "minio/workload",
    within: broken(
      (p) => p.cluster.scale(p.workloads.minio, 0),
      (p) => p.cluster.scale(p.workloads.minio, p.workloads.minio.replicas),
    ),
  },
  {
    title: "a bucket that is gone",
    cause: "minio/bucket",
    within: broken(
      (p) => p.asRoot(({ client }) => client.removeBucket(p.settings.minio.buckets.ruler)),
      (p) => p.asRoot(({ client }) => client.makeBucket(p.settings.minio.buckets.ruler)),
    ),
  },
  {
    title: "rights of Loki's user that are revoked",
    cause: "loki/store-login",
    within: broken(
      (p) =>
        p.asRoot(({ admin }) =>
          admin("admin/v3/set-user-or-group-policy", {
            method: "PUT",
            query: `policyName=&userOrGroup=${storeNames.user}&isGroup=false`,
          }),
        ),
      madeAgain,
    ),
  },
  {
    title: "a user of Loki that is gone",
    cause: "loki/store-login",
    within: broken(
      (p) =>
        p.asRoot(({ admin }) =>
          admin("admin/v3/remove-user", { method: "DELETE", query: `accessKey=${storeNames.user}` }),
        ),
      // Without the user, a refresh fails at its rights. The first up makes the user, the second its rights.
      async (p) => {
        await assert.rejects(madeAgain(p), /The specified user does not exist/);
        await (await p.stack()).up();
        await madeAgain(p);
      },
    ),
  },
  {
    title: "a volume of MinIO that is full",
    cause: "minio/store-full",
    within: (p, work) => onSmallVolume(p, p.workloads.minio, { sizeMiB: 256, freeMiB: 2 }, work),
  },
];
