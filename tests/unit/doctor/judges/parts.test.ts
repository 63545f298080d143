import assert from "node:assert/strict";
import type { Facts } from "../../../../doctor/facts";
import { judgeAlloy } from "../../../../doctor/judges/alloy";
import { judgesEach, type Fault } from "../../../support/faultFacts";
import { at, healthyFacts, watched } from "../../../support/healthyFacts";

const lokiSays = (first: string, later?: string) => (facts: Facts) => ({
  ...facts,
  lokis: [{ ...facts.lokis[0]!, metrics: watched(first, later) }],
});
const alloySays = (first: string, later?: string) => (facts: Facts) => ({
  ...facts,
  alloys: [{ ...facts.alloys[0]!, metrics: watched(first, later) }],
});

describe("doctor's judgement of MinIO, Loki and Alloy", () => {
  judgesEach([
    [
      "a MinIO that does not answer",
      (facts) => ({ ...facts, minios: [{ pod: "minio-0", silent: "nothing listens on its port" }] }),
      "minio",
      "store-down",
      "error",
      /does not answer/,
    ],
    [
      "a MinIO without quorum",
      (facts) => ({ ...facts, minios: [{ pod: "minio-0", live: 200, cluster: 503 }] }),
      "minio",
      "store-down",
      "error",
      /no write quorum/,
    ],
    [
      "a drive",
      (facts) => ({ ...facts, store: { ...facts.store, drives: [{ ...facts.store.drives![0]!, state: "offline" }] } }),
      "minio",
      "drives",
      "warning",
      /1 of 1 drives/,
    ],
    [
      "no bucket",
      (facts) => ({ ...facts, store: { ...facts.store, buckets: new Map([["loki-bucket", "NoSuchBucket"]]) } }),
      "minio",
      "bucket",
      "error",
      /bucket loki-bucket does not exist/,
    ],
    ...(
      [
        ["InvalidAccessKeyId", /does not know the user/],
        ["SignatureDoesNotMatch", /secret key .* is wrong/],
        ["AccessDenied", /lacks its rights/],
      ] as const
    ).map(([code, words]): Fault => [
      `the store's answer ${code}`,
      (facts) => ({ ...facts, store: { ...facts.store, buckets: new Map([["loki-bucket", code]]) } }),
      "loki",
      "store-login",
      "error",
      words,
    ]),
    [
      "a Loki that is not ready",
      (facts) => ({ ...facts, lokis: [{ pod: "loki-0", ready: { status: 503, body: "Ingester not ready" } }] }),
      "loki",
      "loki-ready",
      "error",
      /is not ready/,
    ],
    [
      "a dead member of the ring",
      lokiSays('loki_ring_members{name="ingester",state="Unhealthy"} 1'),
      "loki",
      "ring",
      "error",
      /ring of ingesters has a member/,
    ],
    [
      "a login",
      (facts) => ({ ...facts, logins: { alloy: 401 } }),
      "alloy",
      "gateway-login",
      "error",
      /refuses the login/,
    ],
    [
      "flushes that fail",
      lokiSays("loki_ingester_chunks_flush_failures_total 3", "loki_ingester_chunks_flush_failures_total 5"),
      "loki",
      "flush",
      "error",
      /can't store chunks/,
    ],
    [
      "flushes that failed once",
      lokiSays("loki_ingester_chunks_flush_failures_total 3"),
      "loki",
      "flush",
      "note",
      /once could not store/,
    ],
    [
      "a full disk of the write-ahead log",
      lokiSays("loki_ingester_wal_disk_usage_percent 0.91"),
      "loki",
      "wal",
      "warning",
      /91% full/,
    ],
    [
      "a compactor that is stuck",
      lokiSays(
        `process_start_time_seconds ${at.getTime() / 1000 - 9000}
loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds ${at.getTime() / 1000 - 3600}`,
      ),
      "loki",
      "compactor",
      "warning",
      /not finished a run for 60 min/,
    ],
    [
      "lines that are too old",
      lokiSays(
        'loki_discarded_samples_total{reason="greater_than_max_sample_age"} 1',
        'loki_discarded_samples_total{reason="greater_than_max_sample_age"} 4',
      ),
      "loki",
      "discards",
      "warning",
      /refuses lines: greater_than_max_sample_age/,
    ],
    [
      "lines that were refused once",
      lokiSays('loki_discarded_samples_total{reason="stream_limit"} 4'),
      "loki",
      "discards",
      "note",
      /has refused 4 lines/,
    ],
    [
      "a component",
      (facts) => ({
        ...facts,
        alloys: [
          {
            ...facts.alloys[0]!,
            components: [{ id: "loki.write.loki", health: "unhealthy", message: "bad certificate" }],
          },
        ],
      }),
      "alloy",
      "components",
      "error",
      /loki\.write\.loki of Alloy is unhealthy/,
    ],
    [
      "an Alloy that does not answer",
      (facts) => ({ ...facts, alloys: [{ pod: "alloy-0", node: "node-a", silent: "no answer" }] }),
      "alloy",
      "components",
      "error",
      /Alloy on node-a does not answer/,
    ],
    [
      "a configuration that Alloy could not load",
      alloySays("alloy_config_last_load_successful 0"),
      "alloy",
      "components",
      "error",
      /could not load its configuration/,
    ],
    [
      "an Alloy that sends as another tenant",
      alloySays(
        'loki_write_sent_entries_total{tenant="somebody"} 1',
        'loki_write_sent_entries_total{tenant="somebody"} 3',
      ),
      "alloy",
      "tenant",
      "error",
      /sends lines as tenant somebody/,
    ],
    [
      "drives that are nearly full",
      (facts) => ({ ...facts, store: { ...facts.store, drives: [{ ...facts.store.drives![0]!, freeBytes: 2 }] } }),
      "minio",
      "store-full",
      "error",
      /1 of 1 drives of MinIO are nearly full/,
    ],
    [
      "pushes that fail",
      alloySays('loki_write_batch_retries_total{tenant="a"} 1', 'loki_write_batch_retries_total{tenant="a"} 3'),
      "alloy",
      "not-sent",
      "error",
      /pushes to Loki fail/,
    ],
    [
      "lines that Alloy drops",
      alloySays(
        'loki_write_dropped_entries_total{reason="ingester_error"} 1',
        'loki_write_dropped_entries_total{reason="ingester_error"} 3',
      ),
      "alloy",
      "drops",
      "error",
      /loses lines: ingester_error/,
    ],
    [
      "files whose pods nobody knows",
      alloySays(
        'loki_process_dropped_lines_total{reason="unknown_pod"} 1',
        'loki_process_dropped_lines_total{reason="unknown_pod"} 3',
      ),
      "alloy",
      "drops",
      "warning",
      /has read 3 lines of files whose pods are unknown, and dropped them/,
    ],
    [
      "a node that sends nothing",
      (facts) => ({ ...facts, newest: new Map([["node-a", null]]) }),
      "alloy",
      "node-silent",
      "warning",
      /no line of node node-a from the last hour/,
    ],
  ]);
});

describe("doctor's judgement of the tenants that Alloy writes for", () => {
  it("accepts those of namespaces", () => {
    const sends = (count: number) => `loki_write_sent_entries_total{tenant="team-a"} ${count}`;
    const facts = alloySays(sends(1), sends(3))(healthyFacts());
    const found = (tenants: Record<string, string>) => {
      const settings = { ...facts.settings, alloy: { ...facts.settings.alloy, tenants } };
      return judgeAlloy({ ...facts, settings }).filter(({ check }) => check === "tenant").length;
    };
    assert.deepEqual([found({ shop: "team-a" }), found({})], [0, 1]);
  });
});
