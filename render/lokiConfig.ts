import { stringify } from "yaml";

import type { Settings } from "../config/settings";
import { endpointsOf, lokiStoreVariables, ports } from "./names";
import type { Values } from "./pod";
import { topologies } from "./topologies";

/** What Loki's configuration is made from. */
export type LokiConfigInput = Pick<Settings, "loki" | "minio" | "namespaces" | "retention" | "topology" | "grafana">;

/** Root of everything Loki writes; the chart mounts the volume here. */
const dataPath = "/var/loki";

/** The complete configuration of Loki 3.7, credentials as `${VARIABLE}` for `-config.expand-env`. */
export function lokiConfig(input: LokiConfigInput): Values {
  const { loki, retention, topology } = input;
  const plan = topologies[topology];
  return {
    // Always on: the tenant is one setting that every reader and writer states.
    auth_enabled: true,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: ports.lokiHttp,
      grpc_listen_port: ports.lokiGrpc,
      // A push of the whole burst must fit.
      grpc_server_max_recv_msg_size: 100 << 20,
      grpc_server_max_send_msg_size: 100 << 20,
      http_server_read_timeout: "10m",
      http_server_write_timeout: "10m",
    },
    common: {
      path_prefix: dataPath,
      replication_factor: plan.replicationFactor,
      ring: { kvstore: { store: plan.kvstore } },
      storage: { s3: s3(input, input.minio.buckets.chunks) },
      ...(plan.kvstore === "memberlist" ? { compactor_grpc_address: `loki-backend.${input.namespaces.loki}.svc:${ports.lokiGrpc}` } : {}),
    },
    ...(plan.kvstore === "memberlist" ? scalable(input) : {}),
    schema_config: { configs: [schemaPeriod(loki.schemaFrom)] },
    storage_config: {
      tsdb_shipper: { active_index_directory: `${dataPath}/tsdb-index`, cache_location: `${dataPath}/tsdb-cache` },
    },
    ingester: {
      chunk_encoding: loki.chunkEncoding,
      autoforget_unhealthy: true,
      wal: { enabled: true, dir: `${dataPath}/wal`, flush_on_shutdown: true },
    },
    limits_config: {
      ingestion_rate_mb: loki.limits.ingestionRateMb,
      ingestion_burst_size_mb: loki.limits.ingestionBurstSizeMb,
      max_entries_limit_per_query: loki.limits.maxEntriesLimitPerQuery,
      allow_structured_metadata: true,
      discover_log_levels: true,
      volume_enabled: true,
      reject_old_samples: true,
      reject_old_samples_max_age: "168h",
      query_timeout: "5m",
      split_queries_by_interval: "15m",
      retention_period: `${retention.days * 24}h`,
    },
    compactor: {
      working_directory: `${dataPath}/compactor`,
      // Without these two nothing is ever deleted.
      retention_enabled: true,
      delete_request_store: "s3",
      retention_delete_delay: `${retention.deleteDelayHours}h`,
      retention_delete_worker_count: retention.deleteWorkers,
    },
    query_scheduler: { max_outstanding_requests_per_tenant: loki.limits.maxOutstandingRequestsPerTenant },
    query_range: {
      align_queries_with_step: true,
      cache_results: true,
      results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: 64 } } },
    },
    ruler: {
      storage: { type: "s3", s3: s3(input, input.minio.buckets.ruler) },
      rule_path: `${dataPath}/rules-temp`,
      wal: { dir: `${dataPath}/ruler-wal` },
      enable_api: true,
    },
    runtime_config: { file: "/etc/loki/runtime-config/runtime-config.yaml" },
  };
}

/** The configuration as the text that Loki reads; keys sorted, so that a diff shows what changed. */
export function lokiConfigText(input: LokiConfigInput): string {
  return stringify(lokiConfig(input), { sortMapEntries: true, lineWidth: 0 });
}

/** The one schema period; the chart's own validation wants it too. */
export function schemaPeriod(from: string): Values {
  return { from, store: "tsdb", object_store: "s3", schema: "v13", index: { prefix: "loki_index_", period: "24h" } };
}

function s3(input: LokiConfigInput, bucket: string): Values {
  return {
    endpoint: new URL(endpointsOf(input).minio).host,
    bucketnames: bucket,
    access_key_id: `\${${lokiStoreVariables.accessKeyId}}`,
    secret_access_key: `\${${lokiStoreVariables.secretAccessKey}}`,
    insecure: true,
    s3forcepathstyle: true,
    region: "us-east-1",
  };
}

/** How the separate targets find each other. */
function scalable({ namespaces }: LokiConfigInput): Values {
  const service = (name: string) => `${name}.${namespaces.loki}.svc`;
  const scheduler = `${service("loki-query-scheduler-discovery")}:${ports.lokiGrpc}`;
  return {
    memberlist: { join_members: [`${service("loki-memberlist")}:${ports.lokiMemberlist}`] },
    frontend: { scheduler_address: scheduler, tail_proxy_url: `http://${service("loki-read")}:${ports.lokiHttp}` },
    frontend_worker: { scheduler_address: scheduler },
    index_gateway: { mode: "simple" },
  };
}
