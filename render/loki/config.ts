import { stringify } from "yaml";

import { parseQuantity } from "../../domain/quantity";
import type { Settings } from "../../config/settings";
import { endpointsOf, type EndpointsInput } from "../addresses";
import { ingesterHours, lateLines, lokiLimits, messageBytes, serverMinutes, type LokiLimitsInput } from "./limits";
import { lokiStoreVariables, ports, podPorts } from "../../domain/names";
import type { Values } from "../pod";
import { authorityPath, speaksTls } from "../tls";
import { topologyPlan, type TopologyPlan } from "../topologies";

/** What Loki's configuration is made from. */
export type LokiConfigInput = EndpointsInput & LokiLimitsInput & Pick<Settings, "minio">;

/** Root of everything Loki writes; the chart mounts the volume here. */
const dataPath = "/var/loki";

/** The complete configuration of Loki 3.7, credentials as `${VARIABLE}` for `-config.expand-env`. */
export function lokiConfig(input: LokiConfigInput): Values {
  const { loki, retention } = input;
  const message = messageBytes(input);
  const plan = topologyPlan(input);
  return {
    // Always on: the tenant is one setting that every reader and writer states.
    auth_enabled: true,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: ports.lokiHttp,
      grpc_listen_port: ports.lokiGrpc,
      grpc_server_max_recv_msg_size: message,
      grpc_server_max_send_msg_size: message,
      http_server_read_timeout: `${serverMinutes}m`,
      http_server_write_timeout: `${serverMinutes}m`,
    },
    common: {
      path_prefix: dataPath,
      replication_factor: plan.replicationFactor,
      ring: { kvstore: { store: plan.kvstore } },
      storage: { s3: s3(input, input.minio.buckets.chunks) },
      ...(plan.deploymentMode === "SimpleScalable"
        ? { compactor_grpc_address: `loki-backend.${input.namespaces.loki}.svc:${ports.lokiGrpc}` }
        : {}),
    },
    ...(plan.kvstore === "memberlist" ? memberlist(input) : {}),
    ...(plan.deploymentMode === "SimpleScalable" ? scalable(input) : {}),
    schema_config: { configs: loki.schema.map(schemaPeriod) },
    storage_config: {
      tsdb_shipper: {
        active_index_directory: `${dataPath}/tsdb-index`,
        cache_location: `${dataPath}/tsdb-cache`,
        query_ready_num_days: retention.hotDays,
      },
    },
    ...chunkCache(input, plan),
    distributor: { max_recv_msg_size: message, max_decompressed_size: 50 * message },
    ingester_client: { grpc_client_config: { max_recv_msg_size: message, max_send_msg_size: message } },
    ingester: {
      chunk_encoding: loki.chunkEncoding,
      ...lateLines(input),
      // The rings of compactor, scheduler and index gateway forget by themselves.
      autoforget_unhealthy: true,
      wal: {
        enabled: true,
        dir: `${dataPath}/wal`,
        flush_on_shutdown: true,
        replay_memory_ceiling: replayCeiling(loki.resources.memoryLimit),
      },
    },
    limits_config: lokiLimits(input),
    compactor: {
      working_directory: `${dataPath}/compactor`,
      // Without these two nothing is ever deleted.
      retention_enabled: true,
      compaction_interval: `${retention.compactionIntervalMinutes}m`,
      delete_request_store: "s3",
      retention_delete_delay: `${retention.deleteDelayHours}h`,
      retention_delete_worker_count: retention.deleteWorkers,
    },
    query_scheduler: { max_outstanding_requests_per_tenant: loki.limits.maxOutstandingRequestsPerTenant },
    querier: { max_concurrent: loki.query.maxConcurrent, query_ingesters_within: `${ingesterHours(input)}h` },
    query_range: { align_queries_with_step: true, ...resultsCache(input, plan) },
    ruler: {
      storage: { type: "s3", s3: s3(input, input.minio.buckets.ruler) },
      rule_path: `${dataPath}/rules-temp`,
      wal: { dir: `${dataPath}/ruler-wal` },
      enable_api: true,
    },
    // Limits that are not the same for all tenants; Loki reads it again by itself.
    runtime_config: { file: "/etc/loki/runtime-config/runtime-config.yaml" },
  };
}

/** The configuration as the text that Loki reads; keys sorted, so that a diff shows what changed. */
export function lokiConfigText(input: LokiConfigInput): string {
  return stringify(lokiConfig(input), { sortMapEntries: true, lineWidth: 0 });
}

/** A schema period; the chart's own validation wants it too. */
export function schemaPeriod({ from, schema, indexPrefix }: Settings["loki"]["schema"][number]): Values {
  return { from, store: "tsdb", object_store: "s3", schema, index: { prefix: indexPrefix, period: "24h" } };
}

function s3(input: LokiConfigInput, bucket: string): Values {
  return {
    endpoint: new URL(endpointsOf(input).minio).host,
    bucketnames: bucket,
    access_key_id: `\${${lokiStoreVariables.accessKeyId}}`,
    secret_access_key: `\${${lokiStoreVariables.secretAccessKey}}`,
    insecure: !speaksTls(input),
    ...(speaksTls(input) ? { http_config: { ca_file: authorityPath } } : {}),
    s3forcepathstyle: true,
    region: "us-east-1",
  };
}

/**
 * Half of what a replica may use: what is replayed after a crash is flushed when it reaches this, instead of the kernel
 * ending the process again.
 */
function replayCeiling(memoryLimit: string): string {
  return `${Math.floor(parseQuantity(memoryLimit) / 2 / 1e6)}MB`;
}

/** Chunks of the hot tier, which replicas share; an old one that a query fetches does not push a young one out. */
function chunkCache({ loki, retention, namespaces }: LokiConfigInput, { cache }: TopologyPlan): Values {
  const skip = { skip_query_writeback_cache_older_than: `${retention.hotDays * 24}h` };
  if (loki.caches.chunksMb === 0) return {};
  const store =
    cache === "embedded"
      ? embedded(loki.caches.chunksMb)
      : { ...memcached("loki-chunks-cache", namespaces.loki, "2s"), default_validity: "0s" };
  return { chunk_store_config: { chunk_cache_config: store, ...skip } };
}

/**
 * A result is kept for an hour, in process and in memcached alike: lines that come late, after an outage, are missing
 * from it for that long.
 */
function resultsCache({ loki, namespaces }: LokiConfigInput, { cache }: TopologyPlan): Values {
  if (loki.caches.resultsMb === 0) return { cache_results: false };
  const store =
    cache === "embedded"
      ? embedded(loki.caches.resultsMb)
      : { ...memcached("loki-results-cache", namespaces.loki, "500ms"), default_validity: "1h" };
  return { cache_results: true, results_cache: { cache: store } };
}

function embedded(megabytes: number): Values {
  return { embedded_cache: { enabled: true, max_size_mb: megabytes } };
}

function memcached(service: string, namespace: string, timeout: string): Values {
  return {
    background: { writeback_goroutines: 1, writeback_buffer: 500000, writeback_size_limit: "500MB" },
    memcached_client: {
      addresses: `dns+${service}.${namespace}.svc:${podPorts.memcached}`,
      consistent_hash: true,
      timeout,
      max_idle_conns: 72,
    },
  };
}

/** How replicas find each other. */
function memberlist({ namespaces }: LokiConfigInput): Values {
  return { memberlist: { join_members: [`loki-memberlist.${namespaces.loki}.svc:${ports.lokiMemberlist}`] } };
}

/** How the separate targets find each other. */
function scalable({ namespaces }: LokiConfigInput): Values {
  const service = (name: string) => `${name}.${namespaces.loki}.svc`;
  const scheduler = `${service("loki-query-scheduler-discovery")}:${ports.lokiGrpc}`;
  return {
    frontend: { scheduler_address: scheduler, tail_proxy_url: `http://${service("loki-read")}:${ports.lokiHttp}` },
    frontend_worker: { scheduler_address: scheduler },
    index_gateway: { mode: "simple" },
  };
}
