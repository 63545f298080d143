import { describeDangers } from "./cases";

describeDangers("volumes", {
  cases: [
    {
      title: "a smaller volume of Loki",
      before: { loki: { volumeSize: "20Gi" } },
      after: {},
      key: "loki.volumeSize",
      says: /below the 20Gi of StatefulSet loki: a volume can't shrink/,
      remedy: /set it back to 20Gi/,
    },
    {
      title: "a larger volume of Loki",
      after: { loki: { volumeSize: "20Gi" } },
      key: "loki.volumeSize",
      says: /up would fail halfway/,
      remedy: new RegExp(
        [
          "^let the claims grow",
          String.raw`kubectl -n logharbor-loki patch pvc data-loki-0 -p '\{"spec"`,
          '"20Gi"',
          "kubectl -n logharbor-loki delete statefulset loki --cascade=orphan$",
        ].join(".*"),
      ),
    },
    {
      title: "a larger volume whose class does not let it grow",
      after: { loki: { volumeSize: "20Gi" } },
      but: ({ loki }) => loki.claims.forEach((claim) => (claim.expandable = false)),
      key: "loki.volumeSize",
      says: /above the 10Gi/,
      remedy: /the StorageClass of data-loki-0 does not let volumes grow/,
    },
    {
      title: "claims that have not grown, of a StatefulSet that was taken away for it",
      after: { loki: { volumeSize: "20Gi" } },
      but: ({ loki }) => (loki.workloads = []),
      key: "loki.volumeSize",
      says: /but data-loki-0 has 10Gi/,
      remedy: /let the claims grow first/,
    },
    {
      title: "another StorageClass",
      after: { storageClass: "fast" },
      key: "storageClass",
      says: /the volumes of StatefulSet loki have the default class/,
      remedy: /set it back/,
    },
    {
      title: "a larger volume of a distributed MinIO",
      profile: "prod",
      after: { minio: { volumeSize: "200Gi" } },
      key: "minio.volumeSize",
      says: /above the 100Gi of StatefulSet minio/,
      remedy: /patch pvc export-0-minio-0 export-1-minio-0 export-0-minio-1 /,
    },
    {
      title: "a smaller volume of a single MinIO",
      after: { minio: { volumeSize: "5Gi" } },
      key: "minio.volumeSize",
      says: /below the 10Gi that MinIO has/,
      remedy: /set it back to 10Gi/,
    },
    {
      title: "a larger volume of a single MinIO that can't grow",
      after: { minio: { volumeSize: "50Gi" } },
      but: ({ minio }) => minio.claims.forEach((claim) => (claim.expandable = false)),
      key: "minio.volumeSize",
      says: /does not let volumes grow/,
      remedy: /set it back to 10Gi/,
    },
  ],
  harmless: [["a single MinIO that may grow", "dev", {}, { minio: { volumeSize: "50Gi" } }]],
});
