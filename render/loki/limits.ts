import { keptDays } from "../../domain/retention";
import type { Values } from "../pod";
import type { LokiSpec } from "./spec";

/*
 * Limits of Loki, each with what it follows from. docs/limits.md says the same for people: what happens at each, and
 * which metric tells.
 */

/** Hours that a chunk collects lines before it is cut, as `max_chunk_age` has it by default. */
const chunkHours = 2;

/**
 * A line may be dated up to 10 min ahead (`creation_grace_period`, Loki's default); the rest is for what is under way.
 */
const aheadHours = 1;

/**
 * A rate in MB/s, and a burst in MB, that no sender of ours reaches: about the speed of a network of 80 Gbit/s. It is
 * no 0, which would refuse everything.
 */
export const unreachableMb = 10_000;

/** Of all lines, those that are kept longest. */
export function longestKeptDays(retention: LokiSpec["retention"]): number {
  return Math.max(keptDays(retention), ...retention.streams.map(({ days }) => days));
}

/** What each tenant may do. */
export function lokiLimits({ limits, query, retention }: LokiSpec): Values {
  return {
    ingestion_rate_mb: limits.ingestionRateMb,
    ingestion_burst_size_mb: limits.ingestionBurstSizeMb,
    // A stream alone is never over its rate: the tenant's is reached first, and streams of more than 1.5 MB/s are
    // spread over the ingesters.
    per_stream_rate_limit: `${unreachableMb}MB`,
    per_stream_rate_limit_burst: `${unreachableMb}MB`,
    max_global_streams_per_user: limits.maxStreams,
    max_entries_limit_per_query: limits.maxEntriesLimitPerQuery,
    allow_structured_metadata: true,
    discover_log_levels: true,
    volume_enabled: true,
    // A volume by any label is at most one number a stream.
    volume_max_series: limits.maxStreams,
    reject_old_samples: true,
    reject_old_samples_max_age: `${limits.rejectOldSamplesHours}h`,
    query_timeout: `${queryMinutes}m`,
    // One query reaches over all that is kept. The day is for the hour or so that a range such as [1h] reaches further
    // back, and for the compactor's delay.
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
 * Minutes of the parts that a query is split in: a quarter of an hour up to 30 days. Beyond, longer, so that a query
 * over all that is kept has no more parts than the 2,880 of 30 days: each takes some time, however little it finds, and
 * all of them together may not take longer than a query may.
 */
function splitMinutes(retention: LokiSpec["retention"]): number {
  return 15 * Math.max(1, Math.ceil(longestKeptDays(retention) / 30));
}

/**
 * Limits of the stack's own tenant, as Loki's runtime configuration has them. Alloy waits for each answer before it
 * sends the next batch, so a busy Loki slows it down by itself; and it must not send a batch again that one stream made
 * Loki refuse (429). So that 429 stands for nothing else, Alloy is never over a rate.
 */
export function runtimeConfig({ tenant }: LokiSpec): Values {
  return { overrides: { [tenant]: { ingestion_rate_mb: unreachableMb, ingestion_burst_size_mb: unreachableMb } } };
}

/**
 * How ingesters take lines that come late. Loki refuses what is older than its stream's newest line minus half of
 * `max_chunk_age`. Containers of one app on a node share a stream: after an outage the quiet one is at "now" at once,
 * and the backlog of the busy one is as old as the outage was long. So half of it is `rejectOldSamplesHours`, and a
 * line that is not too old for Loki is not too old for its stream either.
 *
 * That alone would keep chunks in memory for days: they are cut by the clock instead, every 2 h whatever they hold, as
 * `max_chunk_age` cut them before.
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
 * Hours back from now in which a line may be that only ingesters hold: as late as it may come, and until its chunk is
 * cut and stored.
 */
export function ingesterHours({ limits }: LokiSpec): number {
  return windowHours(limits) + chunkHours + 1;
}

/** Age in hours, against its stream's newest line, up to which a line is taken. */
function windowHours(limits: LokiSpec["limits"]): number {
  return limits.rejectOldSamplesHours + aheadHours;
}

/** Minutes that a query may take; a server that has to answer it waits `serverMinutes`. */
const queryMinutes = 5;
export const serverMinutes = 2 * queryMinutes;

/**
 * Bytes that a message between two processes of Loki may have: the largest push of a tenant, and 100 MiB (Loki's own)
 * for results of queries.
 */
export function messageBytes({ limits }: LokiSpec): number {
  return Math.max(100, 2 * limits.ingestionBurstSizeMb) * 2 ** 20;
}

/** MiB that a push through the gateway may have: the burst, and a batch of Alloy's whatever the burst is. */
export function pushMegabytes({ limits }: LokiSpec): number {
  return Math.max(4, limits.ingestionBurstSizeMb);
}
