import assert from "node:assert/strict";

import { someStore } from "../../../support/stack";
import { dangersIn, describeDangers } from "./cases";

const [s3, moving] = [{ objectStore: someStore }, { objectStore: { ...someStore, moving: true } }];
const prepared = { objectStore: { ...someStore, kind: "minio", moving: true } };
const aws = (region: string) => ({
  objectStore: { kind: "s3", region, buckets: someStore.buckets, secret: someStore.secret },
});

describeDangers("objectStore", {
  cases: [
    {
      title: "a store in place of MinIO, which stays",
      before: prepared,
      after: moving,
      key: "objectStore.kind",
      says: /is s3, but Loki stores in bucket loki-bucket of MinIO: it would no longer find what is there/,
      remedy: /copy the logs first, as docs\/object-store\.md says/,
      allow: "object-store-change",
    },
    {
      title: "MinIO in place of the store",
      before: moving,
      after: prepared,
      key: "objectStore.kind",
      says: /is minio, but Loki stores in bucket our-logs of s3\.example\.com:9443/,
      remedy: /set it back/,
      allow: "object-store-change",
    },
    {
      title: "a new MinIO in place of the store",
      before: s3,
      after: {},
      key: "objectStore.kind",
      says: /is minio, but Loki stores in bucket our-logs/,
      remedy: /copy/,
      allow: "object-store-change",
    },
    {
      title: "another store",
      before: s3,
      after: { objectStore: { ...someStore, endpoint: "https://other.example.com" } },
      key: "objectStore.endpoint",
      says: /is other\.example\.com, but Loki stores in s3\.example\.com:9443/,
      remedy: /set it back/,
      allow: "object-store-change",
    },
    {
      title: "another bucket there",
      before: s3,
      after: { objectStore: { ...someStore, buckets: { chunks: "other" } } },
      key: "objectStore.buckets.chunks",
      says: /is other, but Loki stores in our-logs/,
      remedy: /set it back/,
      allow: "object-store-change",
    },
    {
      title: "another region of AWS",
      before: aws("eu-central-1"),
      after: aws("eu-west-1"),
      key: "objectStore.region",
      says: /is AWS S3 in eu-west-1, but Loki stores in AWS S3 in eu-central-1/,
      remedy: /set it back/,
      allow: "object-store-change",
    },
    {
      title: "no MinIO any more, after the copy",
      profile: "prod",
      before: moving,
      after: s3,
      key: "objectStore.moving",
      says: /deleted in namespace logharbor-minio with its volumes export-0-minio-0 \(100Gi\), .*and so what was not copied/,
      remedy: /set it to true: then MinIO stays with its volumes/,
      allow: "minio-removed",
    },
  ],
  harmless: [
    ["a MinIO beside the store, to move back", "prod", s3, moving],
    ["a store beside MinIO, to move there", "prod", {}, prepared],
    ["the end of a move to MinIO", "prod", prepared, {}],
    ["another Secret of the store", "dev", s3, { objectStore: { ...someStore, secret: "log-store-2" } }],
    ["TLS of the gateway with such a store", "prod", s3, { ...s3, tls: { certificates: "given" } }],
    [
      "the store's own copy of a bucket's name in MinIO",
      "dev",
      { objectStore: { ...someStore, moving: true, buckets: { chunks: "loki-bucket" } } },
      { objectStore: { ...someStore, moving: true, buckets: { chunks: "loki-bucket" } } },
    ],
  ],
});

describe("a store at once in place of MinIO", () => {
  it("is two dangers: logs that Loki does not find, and a MinIO that goes with every log", () => {
    const dangers = dangersIn("dev", {}, s3);
    assert.deepEqual(
      dangers.map(({ allow }) => allow),
      ["minio-removed", "object-store-change"],
    );
    assert.match(dangers[0]!.problem, /with its volumes minio \(10Gi\), and so every stored log$/);
  });

  it("says nothing of servers, drives, namespace and tier of a MinIO that goes", () => {
    const before = { minio: { servers: 8 }, tls: { certificates: "given" } };
    const after = { ...s3, namespaces: { minio: "elsewhere" } };
    assert.deepEqual(
      dangersIn("prod", before, after).map(({ key }) => key),
      ["objectStore.moving", "objectStore.kind"],
    );
  });
});
