import assert from "node:assert/strict";

import { parse } from "yaml";

import { lokiConfig, lokiConfigText } from "../../../../render/loki/config";
import { topologies } from "../../../../domain/topologies";
import { settingsFor, type Overrides } from "../../../support/stack";
import { planOf } from "../../../../render/plan";
import type { Tree } from "../../../support/tree";

const configOf = (profile: "dev" | "prod", overrides: Overrides = {}) =>
  lokiConfig(planOf(settingsFor(profile, overrides)).loki) as Tree;

/** Every path with its value. */
const leaves = (node: unknown, path = ""): [string, unknown][] =>
  typeof node === "object" && node !== null
    ? Object.entries(node).flatMap(([key, value]) => leaves(value, path === "" ? key : `${path}.${key}`))
    : [[path, node]];

describe("Loki's configuration", () => {
  it("has each limit where Loki reads it", () => {
    const limits = {
      ingestionRateMb: 3,
      ingestionBurstSizeMb: 5,
      maxEntriesLimitPerQuery: 7,
      maxOutstandingRequestsPerTenant: 17,
    };
    const config = configOf("dev", { loki: { limits } });
    assert.equal(config.limits_config?.ingestion_rate_mb, 3);
    assert.equal(config.limits_config?.ingestion_burst_size_mb, 5);
    assert.equal(config.limits_config?.max_entries_limit_per_query, 7);
    assert.equal(config.query_scheduler?.max_outstanding_requests_per_tenant, 17);
  });

  it("deletes what is older than the retention", () => {
    const config = configOf("prod", { retention: { hotDays: 1, warmDays: 3, deleteDelayHours: 5, deleteWorkers: 9 } });
    assert.equal(config.limits_config?.retention_period, "72h");
    assert.deepEqual(config.compactor, {
      working_directory: "/var/loki/compactor",
      retention_enabled: true,
      compaction_interval: "10m",
      delete_request_store: "s3",
      retention_delete_delay: "5h",
      retention_delete_worker_count: 9,
    });
  });

  it("has each schema period as it is given: tsdb, 24 h", () => {
    const config = configOf("dev", {
      loki: {
        schema: [
          { from: "2025-01-01", schema: "v13", indexPrefix: "a_" },
          { from: "2099-01-01", schema: "v13", indexPrefix: "b_" },
        ],
      },
    });
    const period = (from: string, prefix: string) => ({
      from,
      store: "tsdb",
      object_store: "s3",
      schema: "v13",
      index: { prefix, period: "24h" },
    });
    assert.deepEqual(config.schema_config?.configs, [period("2025-01-01", "a_"), period("2099-01-01", "b_")]);
    assert.notEqual(
      config.storage_config?.tsdb_shipper?.active_index_directory,
      config.storage_config?.tsdb_shipper?.cache_location,
    );
  });

  it("keeps the hot tier at hand: its index on disk, its chunks in the cache that all replicas share", () => {
    const config = configOf("prod", { retention: { hotDays: 5 } });
    assert.equal(config.storage_config?.tsdb_shipper?.query_ready_num_days, 5);
    assert.equal(config.chunk_store_config?.skip_query_writeback_cache_older_than, "120h");
    assert.match(
      JSON.stringify(config.chunk_store_config?.chunk_cache_config),
      /dns\+loki-chunks-cache\.logharbor-loki\.svc:11211/,
    );
    assert.equal(configOf("dev").chunk_store_config, undefined);
  });

  it("keeps logs as long as the warm tier does, and streams as long as they are given", () => {
    const streams = [{ selector: '{namespace="dev"}', days: 3, priority: 1 }];
    const limits = configOf("prod", { retention: { warmDays: 90, streams } }).limits_config;
    assert.equal(limits?.retention_period, "2160h");
    assert.deepEqual(limits?.retention_stream, [{ selector: '{namespace="dev"}', period: "72h", priority: 1 }]);
  });

  it("replays after a crash no more than half of its memory before it flushes", () => {
    assert.equal(
      configOf("dev", { loki: { resources: { memoryLimit: "4Gi" } } }).ingester?.wal?.replay_memory_ceiling,
      "2147MB",
    );
  });

  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: credentials come from the environment, and nothing else does`, () => {
      const settings = configOf(profile);
      const credentials = leaves(settings).filter(([path]) => /access_key|secret|password|token/.test(path));
      assert.equal(credentials.length, 4, "those of the chunks and those of the ruler");
      for (const [path, value] of credentials)
        assert.match(String(value), /^\$\{S3_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)\}$/, path);
      const expanded = leaves(settings).filter(([, value]) => String(value).includes("$"));
      assert.deepEqual(expanded, credentials);
    });

    it(`${profile}: requires a tenant, reports nothing, keeps unflushed lines on its volume`, () => {
      const config = configOf(profile);
      assert.equal(config.auth_enabled, true);
      assert.equal(config.analytics?.reporting_enabled, false);
      assert.deepEqual(config.ingester?.wal, {
        enabled: true,
        dir: "/var/loki/wal",
        flush_on_shutdown: true,
        replay_memory_ceiling: profile === "dev" ? "536MB" : "1073MB",
      });
    });

    it(`${profile}: every path that it writes to is on the volume`, () => {
      const paths = leaves(configOf(profile))
        .map(([, value]) => String(value))
        .filter((value) => value.startsWith("/") && !value.startsWith("/etc/"));
      assert.ok(paths.length >= 6);
      for (const path of paths) assert.match(path, /^\/var\/loki(\/|$)/);
    });

    it(`${profile}: the text is the configuration, with its keys in order`, () => {
      const text = lokiConfigText(planOf(settingsFor(profile)).loki);
      assert.deepEqual(parse(text), configOf(profile));
      const keys = text.split("\n").flatMap((line) => /^([a-z_]+):/.exec(line)?.slice(1) ?? []);
      assert.deepEqual(keys, [...keys].sort());
    });
  }

  it("stores chunks and rules in the buckets that are named, over plain path-style S3 inside the cluster", () => {
    const config = configOf("dev", {
      minio: { buckets: { chunks: "some-chunks", ruler: "some-rules" } },
      namespaces: { minio: "store" },
    });
    const chunks = config.common?.storage?.s3;
    const rules = config.ruler?.storage?.s3;
    assert.deepEqual([chunks?.bucketnames, rules?.bucketnames], ["some-chunks", "some-rules"]);
    for (const s3 of [chunks, rules])
      assert.deepEqual([s3?.endpoint, s3?.insecure, s3?.s3forcepathstyle], ["minio.store.svc:9000", true, true]);
  });

  it("finds its parts in the namespace of Loki where they are apart", () => {
    const config = configOf("prod", { namespaces: { loki: "logs" } });
    const addresses = leaves(config).filter(([path]) => /address|join_members|proxy_url/.test(path));
    assert.ok(addresses.length >= 5);
    for (const [path, value] of addresses) assert.match(String(value), /\.logs\.svc:\d+$/, path);
    assert.equal(configOf("dev").memberlist, undefined);
  });
});

describe("topologies", () => {
  for (const [name, { replicas, replicationFactor, kvstore }] of Object.entries(topologies)) {
    it(`${name}: enough ingesters for the replication factor, and a ring that they share`, () => {
      const ingesters = replicas.singleBinary + replicas.write;
      assert.ok(replicationFactor <= ingesters);
      assert.ok(ingesters === 1 || kvstore === "memberlist");
      assert.equal(configOf("dev", { topology: name }).common?.replication_factor, replicationFactor);
    });
  }

  it("prod has 3 write, 3 read and 3 backend replicas, each line on 3", () => {
    const { replicas, replicationFactor } = topologies["simple-scalable"];
    assert.deepEqual([replicas.write, replicas.read, replicas.backend, replicationFactor], [3, 3, 3, 3]);
  });
});
