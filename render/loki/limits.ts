import { keptDays } from "../../domain/retention";
import type { Values } from "../pod";
import type { LokiSpec } from "./spec";

/*
 * Limits of Loki, each with its reason. docs/limits.md explains them to operators: what happens at each limit, and
 * which metric shows it.
 */

/** Hours that a chunk collects lines before it is cut: the default of `max_chunk_age`. */
const chunkHours = 2;

/**
 * Hours that lines may be ahead of others. A line may be dated up to 10 min in the future (`creation_grace_period`,
 * Loki's default); the rest is for lines on their way.
 */
const aheadHours = 1;

/**
 * A rate in MB/s, and a burst in MB, that our senders never reach: about the speed of an 80 Gbit/s network. 0 would not
 * mean "no limit": Loki would refuse everything.
 */
export const unreachableMb = 10_000;

/** Days for which Loki keeps the lines with the longest retention. */
export function longestKeptDays(retention: LokiSpec["retention"]): number {
  return Math.max(keptDays(retention), ...retention.streams.map(({ days }) => days));
}

/** The limits of every tenant: `limits_config`. */
export function lokiLimits({ limits, query, retention }: LokiSpec): Values {
  return {
    ingestion_rate_mb: limits.ingestionRateMb,
    ingestion_burst_size_mb: limits.ingestionBurstSizeMb,
    // Unless the settings say otherwise, no stream reaches a rate limit of its own. The tenant reaches its limit first,
    // and Loki spreads streams of more than 1.5 MB/s over the ingesters.
    ...streamRate(limits.streamRateMb ?? unreachableMb),
    max_line_size: `${limits.maxLineSizeKb}KB`,
    ...(limits.cutLongLines ? { max_line_size_truncate: true, max_line_size_truncate_identifier: "... (cut)" } : {}),
    max_global_streams_per_user: limits.maxStreams,
    max_entries_limit_per_query: limits.maxEntriesLimitPerQuery,
    allow_structured_metadata: true,
    discover_log_levels: true,
    volume_enabled: true,
    otlp_config: otlpLabels,
    // A volume query by any label returns at most one number per stream.
    volume_max_series: limits.maxStreams,
    reject_old_samples: true,
    reject_old_samples_max_age: `${limits.rejectOldSamplesHours}h`,
    query_timeout: `${query.timeoutSeconds}s`,
    // One query may cover everything that is kept. The extra day is for ranges such as [1h], which reach an hour or so
    // further back, and for the compactor's delay.
    max_query_length: `${(longestKeptDays(retention) + 1) * 24}h`,
    split_queries_by_interval: `${splitMinutes(retention)}m`,
    tsdb_max_query_parallelism: query.parallelism,
    retention_period: `${keptDays(retention) * 24}h`,
    ...(retention.streams.length === 0
      ? {}
      : {
          retention_stream: retention.streams.map(({ selector, days, priority }) => ({
            selector,
            period: `${days * 24}h`,
            priority,
          })),
        }),
  };
}

/**
 * Resource attributes of OTLP that become index labels, each with _ for its dots. All others become structured
 * metadata, also those of Loki's own list that are new with each pod, such as `k8s.pod.name` and `service.instance.id`.
 */
const otlpLabels = {
  resource_attributes: {
    ignore_defaults: true,
    attributes_config: [
      {
        action: "index_label",
        attributes: ["service.name", "service.namespace", "k8s.namespace.name", "k8s.container.name", "k8s.node.name"],
      },
    ],
  },
};

function streamRate(megabytes: number): Values {
  return { per_stream_rate_limit: `${megabytes}MB`, per_stream_rate_limit_burst: `${megabytes}MB` };
}

/**
 * Length in minutes of the parts into which Loki splits a query: 15 for a retention of up to 30 days. With a longer
 * retention the parts are longer, so that a query over everything has at most 2,880 parts, as it has with 30 days. Each
 * part takes some time, however little it finds, and together they must stay within the timeout of a query.
 */
function splitMinutes(retention: LokiSpec["retention"]): number {
  return 15 * Math.max(1, Math.ceil(longestKeptDays(retention) / 30));
}

/**
 * Limits of single tenants, in Loki's runtime configuration: those of the settings, of the stack's own tenant and of
 * those for which Alloy collects. Alloy needs no rate limit: it waits for each answer before it sends the next batch,
 * so a busy Loki slows it down. And a rate limit would give 429 a second meaning. Loki answers 429 if a batch has one
 * stream too many, and Alloy must not send such a batch again.
 */
export function runtimeConfig({ canary, collectedTenants, limits, tenant }: LokiSpec): Values {
  const rates = {
    ingestion_rate_mb: unreachableMb,
    ingestion_burst_size_mb: unreachableMb,
    ...(limits.streamRateMb === undefined ? {} : streamRate(unreachableMb)),
  };
  // Each canary holds one tail. With Loki's default of 10, ten nodes would leave none for people.
  const tails = canary ? { max_concurrent_tail_requests: mostTails } : {};
  const given = Object.fromEntries(limits.tenants.map((one) => [one.name, tenantOverrides(one)]));
  const collected = Object.fromEntries(
    [tenant, ...collectedTenants].map((name) => [name, { ...given[name], ...rates }]),
  );
  return { overrides: { ...given, ...collected, [tenant]: { ...collected[tenant], ...tails } } };
}

function tenantOverrides({
  ingestionBurstSizeMb,
  ingestionRateMb,
  maxStreams,
  streamRateMb,
}: LokiSpec["limits"]["tenants"][number]): Values {
  return {
    ...(ingestionRateMb === undefined ? {} : { ingestion_rate_mb: ingestionRateMb }),
    ...(ingestionBurstSizeMb === undefined ? {} : { ingestion_burst_size_mb: ingestionBurstSizeMb }),
    ...(streamRateMb === undefined ? {} : streamRate(streamRateMb)),
    ...(maxStreams === undefined ? {} : { max_global_streams_per_user: maxStreams, volume_max_series: maxStreams }),
  };
}

/** Live tails at the same time, with a canary on every node of a large cluster: Kubernetes has at most 5,000 nodes. */
const mostTails = 6000;

/**
 * How ingesters take late lines. Loki refuses a line that is older than the newest line of its stream by more than half
 * of `max_chunk_age`. Containers of one app on a node share a stream. After an outage, the quiet container is at "now"
 * at once, while the backlog of the busy one is as old as the outage was long. So half of `max_chunk_age` is
 * `rejectOldSamplesHours`, plus the hours that lines may be ahead: a line that is not too old for Loki is not too old
 * for its stream either.
 *
 * With that alone, chunks would stay in memory for days. So they are cut by the clock instead, every 2 h whatever they
 * hold, as the default of `max_chunk_age` would do.
 */
export function lateLines({ limits }: LokiSpec): Values {
  return {
    max_chunk_age: `${2 * windowHours(limits)}h`,
    sync_period: `${chunkHours}h`,
    sync_min_utilization: 0,
    chunk_idle_period: "30m",
  };
}

/**
 * Hours back from now for which only ingesters may have lines: the age that a late line may have, plus the time until
 * its chunk is cut and stored.
 */
export function ingesterHours({ limits }: LokiSpec): number {
  return windowHours(limits) + chunkHours + 1;
}

/** Hours by which a line may be older than the newest line of its stream. */
function windowHours(limits: LokiSpec["limits"]): number {
  return limits.rejectOldSamplesHours + aheadHours;
}

/**
 * Largest message between two processes of Loki, in bytes. It must hold the largest push of a tenant, and query
 * results, for which Loki's own limit of 100 MiB stays.
 */
export function messageBytes({ limits }: LokiSpec): number {
  return Math.max(100, 2 * largestBurstMb(limits)) * 2 ** 20;
}

/** The largest burst that any tenant may send. */
function largestBurstMb({ ingestionBurstSizeMb, tenants }: LokiSpec["limits"]): number {
  return Math.max(ingestionBurstSizeMb, ...tenants.map((tenant) => tenant.ingestionBurstSizeMb ?? 0));
}

/** Largest push through the gateway, in MiB: the burst, but at least what a batch of Alloy needs. */
export function pushMegabytes({ limits }: LokiSpec): number {
  return Math.max(4, largestBurstMb(limits));
}
