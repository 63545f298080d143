import { describeDangers } from "./cases";

const gateway = { authentication: "basic" };

describeDangers("rotation", {
  cases: [
    {
      title: "other passwords at the gateway without those of before",
      before: { gateway },
      after: { gateway, rotation: { gateway: 2 } },
      key: "rotation.gateway",
      says: /is 2, but 1 is in use: until Alloy has restarted on every node, the gateway would refuse its pushes/,
      remedy: /set it back to 1, then: npm run rotate -- --what gateway$/,
      allow: "passwords-swapped",
    },
    {
      title: "passwords of an older file",
      before: { gateway, rotation: { gateway: 3 } },
      after: { gateway, rotation: { gateway: 2 } },
      key: "rotation.gateway",
      says: /is 2, but 3 is in use/,
      remedy: /set it back to 3/,
      allow: "passwords-swapped",
    },
    {
      title: "another root password of a distributed MinIO",
      profile: "prod",
      after: { rotation: { minioRoot: 2 } },
      key: "rotation.minioRoot",
      says: /is 2, but 1 is in use: MinIO servers with different passwords cannot form one cluster/,
      remedy: /npm run rotate -- --what minio-root$/,
    },
  ],
  harmless: [
    [
      "a rotation",
      "prod",
      { gateway },
      { gateway, rotation: { gateway: 2, minioRoot: 2, unfinished: ["gateway", "minioRoot"] } },
    ],
    [
      "the end of a rotation",
      "prod",
      { gateway, rotation: { gateway: 2, unfinished: ["gateway"] } },
      { gateway, rotation: { gateway: 2 } },
    ],
    ["the first passwords of a gateway", "prod", {}, { gateway, rotation: { gateway: 2 } }],
    ["another root password of a single MinIO", "dev", {}, { rotation: { minioRoot: 2 } }],
    ["another user of Loki in MinIO", "prod", {}, { rotation: { lokiStore: 2 } }],
  ],
});
