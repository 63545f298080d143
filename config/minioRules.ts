import { erasureLayout } from "../domain/erasure";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** What MinIO would refuse, or accept without surviving any loss. */
export const minioRules: readonly Rule[] = [
  { reads: ["minio.servers", "minio.drivesPerServer", "minio.parity"], judge: drives },
  { reads: ["profile", "minio.servers", "minio.drivesPerServer", "minio.parity"], judge: parity },
  { reads: ["minio.buckets"], judge: buckets },
  { reads: ["minio.tier", "namespaces.minio"], judge: remoteTier },
  { reads: ["profile", "topology", "minio.servers"], judge: replicatedStore },
];

/** Fewer drives than this make no set whose loss of one drive leaves a write quorum. */
const leastDrives = 4;

function drives({ minio }: Settings): SettingProblem[] {
  const { servers, drivesPerServer } = minio;
  const total = servers * drivesPerServer;
  if (servers === 1 && drivesPerServer > 1) {
    return [
      {
        key: "minio.drivesPerServer",
        problem: `is ${drivesPerServer} for one server`,
        remedy: "write 1, or at least 2 servers with 4 drives together",
      },
    ];
  }
  if (servers > 1 && (total < leastDrives || erasureLayout(minio) === undefined)) {
    return [
      {
        key: "minio.servers",
        problem: `and minio.drivesPerServer give ${total} drives, from which MinIO can form no equal erasure sets of 4 to 16`,
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
            problem: `is ${given}, but one drive has no parity`,
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
        problem: `is ${given}: the loss of ${given === 0 ? "one drive" : "two drives"} would be the loss of logs`,
        remedy: `write 2 to ${most}, or leave it out`,
      },
    ];
  if (layout.serversLostForWrites < 1 && profile === "prod") {
    return [
      {
        key,
        problem: `is ${given}, with which one server's absence stops all writes`,
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
      problem: "is the bucket of the chunks too",
      remedy: "name a bucket of its own, such as loki-ruler-bucket",
    },
  ];
}

function remoteTier({ minio, namespaces }: Settings): SettingProblem[] {
  if (minio.tier === undefined) return [];
  const key = "minio.tier.endpoint";
  const { endpoint, kind, region } = minio.tier;
  if (!URL.canParse(endpoint))
    return [{ key, problem: `is ${endpoint}, whose port does not exist`, remedy: "write one from 1 to 65535" }];
  const own = new RegExp(`^minio(-svc)?(\\.${namespaces.minio}(\\.svc(\\..+)?)?)?$`);
  return [
    ...(own.test(new URL(endpoint).hostname)
      ? [{ key, problem: `is ${endpoint}, the stack's own MinIO`, remedy: "name a store elsewhere" }]
      : []),
    ...(kind === "minio" && region !== undefined
      ? [
          {
            key: "minio.tier.region",
            problem: "is set for a tier of kind minio, which has none",
            remedy: "leave it out",
          },
        ]
      : []),
  ];
}

function replicatedStore({ minio, profile, topology }: Settings): SettingProblem[] {
  if (profile !== "prod" || topology === "single-binary" || minio.servers > 1) return [];
  return [
    {
      key: "minio.servers",
      problem: "is 1 below a replicated Loki in prod: one disk would hold every log",
      remedy: "write at least 4, or set topology to single-binary",
    },
  ];
}
