import { formatMemory } from "../../domain/quantity";
import type { Drive, Facts } from "../facts";
import type { Finding } from "../finding";

/** What the error codes of the object store mean for Loki's user. */
const refusals: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: "MinIO does not know the user in Loki's Secret",
  SignatureDoesNotMatch: "the secret key in Loki's Secret is wrong",
  AccessDenied: "Loki's user lacks its rights",
  AllAccessDisabled: "Loki's user is disabled",
  RequestTimeTooSkewed: "this machine's clock and MinIO's differ by more than 15 minutes",
};

/** What is wrong with MinIO and with Loki's access to it. */
export function judgeMinio(facts: Facts): Finding[] {
  return [...servers(facts), ...drives(facts), ...full(facts), ...buckets(facts)];
}

function servers({ minios, settings }: Facts): Finding[] {
  const { minio: namespace } = settings.namespaces;
  const look = `see what it says: kubectl -n ${namespace} logs`;
  return [
    ...minios
      .filter(({ live, silent }) => silent !== undefined || (live !== undefined && live !== 200))
      .map(({ pod, live, silent }): Finding => ({
        check: "store-down",
        part: "minio",
        severity: "error",
        problem: `MinIO in pod ${pod} does not answer`,
        evidence: [silent ?? `/minio/health/live: ${live}`],
        meaning: "its drives are away for as long as it is",
        remedy: `${look} ${pod}`,
      })),
    ...minios
      .filter(({ cluster }) => cluster !== undefined && cluster !== 200)
      .map(({ pod, cluster }): Finding => ({
        check: "store-down",
        part: "minio",
        severity: "error",
        problem: "MinIO has no write quorum",
        evidence: [`/minio/health/cluster of ${pod}: ${cluster}`],
        meaning: "Loki can't store chunks; it keeps them in memory and in its write-ahead log until MinIO takes them",
        remedy: "bring the missing servers and drives back; docs/durability.md says how many may be away",
      })),
  ];
}

function drives({ store: { drives = [] } }: Facts): Finding[] {
  const away = drives.filter(({ state }) => state !== "ok");
  return away.length === 0
    ? []
    : [
        {
          check: "drives",
          part: "minio",
          severity: "warning",
          problem: `${away.length} of ${drives.length} drives of MinIO are not ok`,
          evidence: away.map(({ server, path, state }) => `${server} ${path}: ${state}`),
          meaning: "objects are stored with less protection; the next drive that fails may cost more",
          remedy: "see whether the server or its volume is away; MinIO heals a drive that comes back",
        },
      ];
}

/** Share of a drive that is free, below which it fills up soon, or MinIO takes nothing any more. */
const freeShare = { warning: 0.1, error: 0.03 };

function full({ store: { drives: all = [] } }: Facts): Finding[] {
  const free = ({ freeBytes, totalBytes }: Drive) => freeBytes / totalBytes;
  const filled = all.filter((drive) => drive.totalBytes > 0 && free(drive) < freeShare.warning);
  if (filled.length === 0) return [];
  return [
    {
      check: "store-full",
      part: "minio",
      severity: filled.some((drive) => free(drive) < freeShare.error) ? "error" : "warning",
      problem: `${filled.length} of ${all.length} drives of MinIO are nearly full`,
      evidence: filled.map(
        (drive) =>
          `${drive.server} ${drive.path}: ${formatMemory(drive.freeBytes)} of ${formatMemory(drive.totalBytes)} are free`,
      ),
      meaning: "when they are full, MinIO refuses to store chunks; Loki keeps them in memory and its write-ahead log",
      remedy: ["keep logs for fewer days: retention.warmDays", "enlarge the volumes, if their StorageClass allows it"],
    },
  ];
}

function buckets({ store, settings }: Facts): Finding[] {
  const answers = [...(store.buckets ?? [])];
  const gone = answers.filter(([, code]) => code === "NoSuchBucket");
  const refused = answers.filter(([, code]) => code in refusals);
  const [, code = ""] = refused[0] ?? [];
  return [
    ...gone.map(([bucket]): Finding => ({
      check: "bucket",
      part: "minio",
      severity: "error",
      problem: `bucket ${bucket} does not exist`,
      evidence: [`listing it as Loki's user: NoSuchBucket`],
      meaning: "Loki can't store chunks or read stored ones; it keeps new ones in memory and its write-ahead log",
      remedy: [
        "npm run refresh and then npm run up make an empty one",
        "if it was deleted with its logs, restore it from your backup first",
      ],
    })),
    ...(refused.length === 0
      ? []
      : [
          {
            check: "store-login",
            part: "loki",
            severity: "error",
            problem: `MinIO refuses Loki's user: ${refusals[code]}`,
            evidence: refused.map(([bucket, answer]) => `listing ${bucket} as Loki's user: ${answer}`),
            meaning: "Loki can't store chunks or read stored ones; it keeps new ones in memory and its write-ahead log",
            remedy:
              code === "InvalidAccessKeyId"
                ? // The provider refuses to read the rights of a user that does not exist.
                  "npm run refresh (it fails at the rights) and npm run up make the user again, and the same once more its rights"
                : `npm run refresh and then npm run up make user, rights and Secret ${settings.namespaces.loki}/loki-object-store again`,
          } satisfies Finding,
        ]),
  ];
}
