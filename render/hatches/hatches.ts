import type { Part } from "../../domain/parts";
import { chartDeciders, each } from "./chartDeciders";
import type { Hatch } from "./overlay";

/** Further values of each part's chart. */
export const valueHatches: Readonly<Record<Part, Hatch>> = {
  minio: { key: "values.minio", deciders: chartDeciders.minio },
  loki: { key: "values.loki", deciders: chartDeciders.loki },
  alloy: { key: "values.alloy", deciders: chartDeciders.alloy },
  grafana: { key: "values.grafana", deciders: chartDeciders.grafana },
};

/** Further configuration of Loki. */
export const lokiConfigHatch: Hatch = {
  key: "loki.config",
  deciders: [
    ...each("target", "topology"),
    // What finds the stored logs, and what deletes them.
    ...each("schema_config", "loki.schema"),
    ...each("common/storage ruler/storage", "objectStore"),
    ...each("ruler_storage compactor/delete_request_store"),
    ...each("storage_config/aws storage_config/azure storage_config/bos storage_config/gcs storage_config/filesystem"),
    ...each("storage_config/swift storage_config/alibabacloud storage_config/cos storage_config/boltdb_shipper"),
    ...each("storage_config/named_stores storage_config/object_prefix storage_config/object_store"),
    ...each("storage_config/use_thanos_objstore"),
    ...each("storage_config/tsdb_shipper/query_ready_num_days", "retention.hotDays"),
    ...each("limits_config/retention_period", "retention.warmDays"),
    ...each("limits_config/retention_stream", "retention.streams"),
    ...each("compactor/compaction_interval", "retention.compactionIntervalMinutes"),
    ...each("compactor/retention_delete_delay", "retention.deleteDelayHours"),
    ...each("compactor/retention_delete_worker_count", "retention.deleteWorkers"),
    // Copies of each line, and how replicas find each other.
    ...each("common/replication_factor", "loki.replicationFactor"),
    ...each("memberlist common/ring common/instance_addr common/instance_interface_names"),
    ...each("ingester/lifecycler ingester/wal distributor/ring ruler/ring compactor/compactor_ring"),
    ...each("query_scheduler/scheduler_ring index_gateway/ring"),
    ...each("server/http_listen_network server/grpc_listen_network", "ipFamilies"),
    ...each("server/http_tls_config server/grpc_tls_config", "tls.certificates"),
    ...each("server/http_server_read_timeout server/http_server_write_timeout", "loki.query.timeoutSeconds"),
    ...each("limits_config/query_timeout", "loki.query.timeoutSeconds"),
    ...each("limits_config/tsdb_max_query_parallelism", "loki.query.parallelism"),
    ...each("querier/max_concurrent", "loki.query.maxConcurrent"),
    ...each("limits_config/ingestion_rate_mb", "loki.limits.ingestionRateMb"),
    ...each("limits_config/ingestion_burst_size_mb", "loki.limits.ingestionBurstSizeMb"),
    ...each("limits_config/max_global_streams_per_user", "loki.limits.maxStreams"),
    ...each("limits_config/max_entries_limit_per_query", "loki.limits.maxEntriesLimitPerQuery"),
    ...each("limits_config/reject_old_samples_max_age", "loki.limits.rejectOldSamplesHours"),
    ...each("query_scheduler/max_outstanding_requests_per_tenant", "loki.limits.maxOutstandingRequestsPerTenant"),
    ...each("ingester/chunk_encoding", "loki.chunkEncoding"),
    ...each("pattern_ingester/enabled", "loki.patterns"),
    ...each("chunk_store_config/chunk_cache_config query_range/results_cache query_range/cache_results", "loki.caches"),
    ...each("ruler/evaluation_interval", "alerts.intervalSeconds"),
    ...each("ruler/alertmanager_url ruler/alertmanager_client", "alerts.existing"),
    ...each("ruler/remote_write", "alerts.recording"),
    ...each("ruler/external_url", "grafana.url"),
  ],
};

/** Further settings of Grafana. */
export const grafanaIniHatch: Hatch = {
  key: "grafana.ini",
  deciders: [
    ...each("server/root_url server/serve_from_sub_path", "grafana.url"),
    ...each("server/http_port server/http_addr server/protocol paths"),
    ...each("security/admin_user security/admin_password security/disable_initial_admin_creation"),
    ...each("database", "grafana.database"),
    ...each("security/secret_key"),
    ...each("dataproxy/timeout unified_alerting/evaluation_timeout", "loki.query.timeoutSeconds"),
  ],
};
