import { stringify } from "yaml";

import { lokiStoreVariables, ports, podPorts, secretNames } from "../../domain/names";
import { parseQuantity } from "../../domain/quantity";
import { serverSeconds } from "../../domain/timeouts";
import { hasPeers } from "../../domain/topologies";
import { lokiConfigHatch } from "../hatches/hatches";
import { overlay } from "../hatches/overlay";
import type { Values } from "../pod";
import { authorityPath } from "../tls";
import { ingesterHours, lateLines, lokiLimits, messageBytes } from "./limits";
import { quotedVariable, rulerConfig, rulesFrom } from "./ruler";
import type { LokiSpec } from "./spec";

/** Folder for everything that Loki writes. The chart mounts the volume here. */
const dataPath = "/var/loki";

/** The complete configuration of Loki 3.7. Credentials are `${VARIABLE}`, for `-config.expand-env`. */
export function lokiConfig(spec: LokiSpec): Values {
  const { buckets, limits, namespace, retention, topology } = spec;
  const message = messageBytes(spec);
  const server = serverSeconds(spec.query.timeoutSeconds);
  const six = meetsByIpv6(spec);
  const scalable = topology.deploymentMode === "SimpleScalable";
  const several = hasPeers(topology);
  return {
    // Always on: every reader and writer names its tenant.
    auth_enabled: true,
    analytics: { reporting_enabled: false },
    server: {
      // Listens on every family, also where Loki's own default would not.
      ...(six ? { http_listen_network: "tcp", grpc_listen_network: "tcp" } : {}),
      http_listen_port: ports.lokiHttp,
      grpc_listen_port: ports.lokiGrpc,
      grpc_server_max_recv_msg_size: message,
      grpc_server_max_send_msg_size: message,
      // A node that is lost closes no connection. By default, whoever waits for it would do so for two hours.
      grpc_server_keepalive_time: "20s",
      grpc_server_keepalive_timeout: "10s",
      http_server_read_timeout: `${server}s`,
      http_server_write_timeout: `${server}s`,
    },
    common: {
      path_prefix: dataPath,
      replication_factor: topology.replicationFactor,
      // From here, the rings of every target take it.
      ring: { kvstore: { store: topology.kvstore }, ...(six ? { instance_enable_ipv6: true } : {}) },
      storage: { s3: s3(spec, buckets.chunks) },
      ...(scalable ? { compactor_grpc_address: `loki-backend.${namespace}.svc:${ports.lokiGrpc}` } : {}),
    },
    ...(topology.kvstore === "memberlist" ? memberlist(spec) : {}),
    ...(scalable || several || six
      ? {
          frontend: {
            ...(scalable ? separateFrontend(namespace) : {}),
            ...(several ? { max_outstanding_per_tenant: limits.maxOutstandingRequestsPerTenant } : {}),
            // Its own address, which it gives to queriers.
            ...(six ? { instance_enable_ipv6: true } : {}),
          },
        }
      : {}),
    ...(scalable ? targets(namespace) : {}),
    ...(several ? processes(namespace) : {}),
    schema_config: { configs: spec.schema.map(schemaPeriod) },
    storage_config: {
      tsdb_shipper: {
        active_index_directory: `${dataPath}/tsdb-index`,
        cache_location: `${dataPath}/tsdb-cache`,
        query_ready_num_days: retention.hotDays,
      },
    },
    ...chunkCache(spec),
    distributor: { max_recv_msg_size: message, max_decompressed_size: 50 * message },
    ingester_client: { grpc_client_config: { max_recv_msg_size: message, max_send_msg_size: message } },
    ingester: {
      chunk_encoding: spec.chunkEncoding,
      ...lateLines(spec),
      // The rings of compactor, scheduler and index gateway do this without a setting.
      autoforget_unhealthy: true,
      wal: {
        enabled: true,
        dir: `${dataPath}/wal`,
        flush_on_shutdown: true,
        replay_memory_ceiling: replayCeiling(spec.resources.memoryLimit),
      },
    },
    // Keeps them in memory, beside the ingesters. It gets copies of the lines, so it never holds up a push.
    pattern_ingester: {
      enabled: spec.patterns,
      // By default, each start of Loki would take another 15 s: this wait begins only when the ingesters' has ended.
      lifecycler: { min_ready_duration: "0s" },
    },
    limits_config: lokiLimits(spec),
    compactor: {
      working_directory: `${dataPath}/compactor`,
      // Without retention_enabled and delete_request_store, nothing is ever deleted.
      retention_enabled: true,
      compaction_interval: `${retention.compactionIntervalMinutes}m`,
      delete_request_store: "s3",
      retention_delete_delay: `${retention.deleteDelayHours}h`,
      retention_delete_worker_count: retention.deleteWorkers,
    },
    query_scheduler: { max_outstanding_requests_per_tenant: limits.maxOutstandingRequestsPerTenant },
    querier: { max_concurrent: spec.query.maxConcurrent, query_ingesters_within: `${ingesterHours(spec)}h` },
    query_range: { align_queries_with_step: true, ...resultsCache(spec) },
    ruler: {
      ...rulerConfig(spec, dataPath),
      storage: { ...rulesFrom(spec), ...(buckets.ruler === undefined ? {} : { s3: s3(spec, buckets.ruler) }) },
    },
    // Limits that differ between tenants. Loki reloads this file automatically.
    runtime_config: { file: "/etc/loki/runtime-config/runtime-config.yaml" },
  };
}

/**
 * The configuration as YAML, for Loki, with that of the stack's escape hatch. Keys are sorted, so that a diff shows
 * only what changed.
 */
export function lokiConfigText(spec: LokiSpec): string {
  const config = overlay(lokiConfig(spec), spec.extraConfig, lokiConfigHatch);
  return stringify(config, {
    sortMapEntries: true,
    lineWidth: 0,
  });
}

/** A schema period, in Loki's words. The chart's validation needs it too. */
export function schemaPeriod({ from, schema, indexPrefix }: LokiSpec["schema"][number]): Values {
  return { from, store: "tsdb", object_store: "s3", schema, index: { prefix: indexPrefix, period: "24h" } };
}

/** Without an endpoint, Loki finds AWS by the region; without keys, it takes the identity of its pod. */
function s3(spec: LokiSpec, bucket: string): Values {
  const url = spec.storeUrl === undefined ? undefined : new URL(spec.storeUrl);
  return {
    ...(url === undefined ? {} : { endpoint: url.host }),
    bucketnames: bucket,
    ...(spec.storeCredentials === "secret" ? keys(spec) : {}),
    insecure: url?.protocol === "http:",
    ...(spec.storeCa === undefined ? {} : { http_config: { ca_file: authorityPath } }),
    s3forcepathstyle: spec.storePathStyle,
    region: spec.storeRegion,
  };
}

/** A key that the stack has not made itself may look like anything in YAML. */
function keys({ storeSecret }: LokiSpec): Values {
  const variable = storeSecret === secretNames.lokiStore ? (name: string) => `\${${name}}` : quotedVariable;
  return {
    access_key_id: variable(lokiStoreVariables.accessKeyId),
    secret_access_key: variable(lokiStoreVariables.secretAccessKey),
  };
}

/**
 * Half of a replica's memory limit. After a crash, Loki replays its write-ahead log and flushes whenever it reaches
 * this size. Otherwise the kernel could kill it again.
 */
function replayCeiling(memoryLimit: string): string {
  return `${Math.floor(parseQuantity(memoryLimit) / 2 / 1e6)}MB`;
}

/** The cache for chunks of the hot tier, shared by all replicas. Queries do not fill it with older chunks. */
function chunkCache({ caches, namespace, retention, topology }: LokiSpec): Values {
  const skip = { skip_query_writeback_cache_older_than: `${retention.hotDays * 24}h` };
  if (caches.chunksMb === 0) return {};
  const store =
    topology.cache === "embedded"
      ? embedded(caches.chunksMb)
      : { ...memcached("loki-chunks-cache", namespace, "2s"), default_validity: "0s" };
  return { chunk_store_config: { chunk_cache_config: store, ...skip } };
}

/**
 * The cache for query results. It keeps a result for an hour, in process and in memcached alike. For that long, lines
 * that arrive late after an outage are missing from the result.
 */
function resultsCache({ caches, namespace, topology }: LokiSpec): Values {
  if (caches.resultsMb === 0) return { cache_results: false };
  const store =
    topology.cache === "embedded"
      ? embedded(caches.resultsMb)
      : { ...memcached("loki-results-cache", namespace, "500ms"), default_validity: "1h" };
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
function memberlist(spec: LokiSpec): Values {
  return {
    memberlist: {
      join_members: [`${membersOf(spec.namespace)}:${ports.lokiMemberlist}`],
      // By default, memberlist looks for a private IPv4 address, and ends without one.
      ...(meetsByIpv6(spec) ? { bind_addr: ["::"] } : {}),
    },
  };
}

/** Whether replicas find each other by IPv6. */
function meetsByIpv6({ ipFamilies }: Pick<LokiSpec, "ipFamilies">): boolean {
  return ipFamilies[0] === "IPv6";
}

/** How the separate targets find each other. */
function targets(namespace: string): Values {
  return { frontend_worker: { scheduler_address: schedulerOf(namespace) }, index_gateway: { mode: "simple" } };
}

/**
 * How several processes, each with all of Loki, share queries: the queriers of all take from the queue of each. By
 * default they meet in a ring of schedulers. When a process comes back, one of two schedulers leaves it, and whoever
 * asked through that one waits in vain.
 */
function processes(namespace: string): Values {
  return { frontend_worker: { frontend_address: `${membersOf(namespace)}:${ports.lokiGrpc}` } };
}

/** A Service that knows all pods, also those that are not ready yet. */
function membersOf(namespace: string): string {
  return `loki-memberlist.${namespace}.svc`;
}

function separateFrontend(namespace: string): Values {
  return {
    scheduler_address: schedulerOf(namespace),
    tail_proxy_url: `http://loki-read.${namespace}.svc:${ports.lokiHttp}`,
  };
}

function schedulerOf(namespace: string): string {
  return `loki-query-scheduler-discovery.${namespace}.svc:${ports.lokiGrpc}`;
}
