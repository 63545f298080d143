import { erasureLayout } from "../domain/erasure";
import { hasMinio, isMinioIn } from "../domain/objectStore";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses settings that MinIO would refuse, or would accept without surviving a single loss. */
export const minioRules: readonly Rule[] = [
  { reads: ["minio.servers", "minio.drivesPerServer", "minio.parity"], judge: drives },
  { reads: ["profile", "minio.servers", "minio.drivesPerServer", "minio.parity"], judge: parity },
  { reads: ["minio.buckets"], judge: buckets },
  { reads: ["minio.tier", "namespaces.minio"], judge: remoteTier },
  { reads: ["profile", "topology", "minio.servers", "objectStore"], judge: replicatedStore },
];

/** With fewer drives, the loss of one drive would also cost the write quorum. */
const leastDrives = 4;

function drives({ minio }: Settings): SettingProblem[] {
  const { servers, drivesPerServer } = minio;
  const total = servers * drivesPerServer;
  if (servers === 1 && drivesPerServer > 1) {
    return [
      {
        key: "minio.drivesPerServer",
        problem: `is ${drivesPerServer}, but a single server has only one drive`,
        remedy: "write 1, or use at least 2 servers with 4 drives in total",
      },
    ];
  }
  if (servers > 1 && (total < leastDrives || erasureLayout(minio) === undefined)) {
    return [
      {
        key: "minio.servers",
        problem: `and minio.drivesPerServer give ${total} drives, which MinIO cannot divide into equal erasure sets of 4 to 16`,
        remedy: "write for example 4 servers with 2 drives each",
      },
    ];
  }
  return [];
}

function parity({ minio, profile }: Settings): SettingProblem[] {
  const key = "minio.parity";
  const { servers, parity: given } = minio;
  if (given === undefined) return [];
  if (servers === 1)
    return given === 0
      ? []
      : [
          {
            key,
            problem: `is ${given}, but a single drive has no parity`,
            remedy: "leave it out, or set minio.servers to at least 4",
          },
        ];
  const layout = erasureLayout(minio);
  if (layout === undefined) return [];
  const most = Math.floor(layout.setSize / 2);
  if (given > most)
    return [
      {
        key,
        problem: `is ${given}, more than half of an erasure set of ${layout.setSize}`,
        remedy: `write at most ${most}`,
      },
    ];
  if (given < 2 && profile === "prod")
    return [
      {
        key,
        problem: `is ${given}: losing ${given === 0 ? "one drive" : "two drives"} would lose logs`,
        remedy: `write 2 to ${most}, or leave it out`,
      },
    ];
  if (layout.serversLostForWrites < 1 && profile === "prod") {
    return [
      {
        key,
        problem: `is ${given}: if one server is down, all writes stop`,
        remedy: "leave it out, or add servers",
      },
    ];
  }
  return [];
}

function buckets({ minio }: Settings): SettingProblem[] {
  if (minio.buckets.chunks !== minio.buckets.ruler) return [];
  return [
    {
      key: "minio.buckets.ruler",
      problem: "is also the bucket of the chunks",
      remedy: "name a separate bucket, such as loki-ruler-bucket",
    },
  ];
}

function remoteTier({ minio, namespaces }: Settings): SettingProblem[] {
  if (minio.tier === undefined) return [];
  const key = "minio.tier.endpoint";
  const { endpoint, kind, region } = minio.tier;
  if (!URL.canParse(endpoint))
    return [{ key, problem: `is ${endpoint}, but that port does not exist`, remedy: "write a port from 1 to 65535" }];
  return [
    ...(isMinioIn(namespaces.minio, endpoint)
      ? [{ key, problem: `is ${endpoint}, the stack's own MinIO`, remedy: "name another store" }]
      : []),
    ...(kind === "minio" && region !== undefined
      ? [
          {
            key: "minio.tier.region",
            problem: "is set, but a tier of kind minio has no region",
            remedy: "leave it out",
          },
        ]
      : []),
  ];
}

function replicatedStore({ minio, objectStore, profile, topology }: Settings): SettingProblem[] {
  if (!hasMinio(objectStore)) return [];
  if (profile !== "prod" || topology === "single-binary" || minio.servers > 1) return [];
  return [
    {
      key: "minio.servers",
      problem: "is 1 for a replicated Loki in prod: a single disk would hold every log",
      remedy: "write at least 4, or set topology to single-binary",
    },
  ];
}
