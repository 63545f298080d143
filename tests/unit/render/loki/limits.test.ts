import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import * as fc from "fast-check";
import { parse } from "yaml";

import type { Settings } from "../../../../config/settings";
import { cacheDir } from "../../../../local/cache";
import { lokiConfig, lokiConfigText } from "../../../../render/loki/config";
import { runtimeConfig } from "../../../../render/loki/limits";
import { lokiValues } from "../../../../render/loki/values";
import { lokiStoreVariables } from "../../../../domain/names";
import { settingsFor } from "../../../support/stack";
import { planOf } from "../../../../render/plan";
import type { Tree } from "../../../support/tree";

/** Loki's own defaults that ours are held against; of 3.7. */
const defaults = { creationGraceMinutes: 10, maxCacheFreshnessMinutes: 10, flushCheckMinutes: 1 };

/** Alloy's default of `batch_size`, and a line as long as Loki takes on top. */
const largestBatchBytes = 2 ** 20 + 256 * 1024;

const units: Record<string, number> = { s: 1, m: 60, h: 3600 };
const seconds = (duration: unknown) =>
  Number(/^(\d+)[smh]$/.exec(String(duration))?.[1]) * units[String(duration).slice(-1)]!;
const megabytes = (size: unknown) => Number(/^(\d+)MB?$/.exec(String(size))?.[1]);

const day = 86_400;

/** Settings that a limit of Loki's follows from, each over all that it may be. */
const random = fc
  .record({
    profile: fc.constantFrom("dev" as const, "prod" as const),
    rate: fc.integer({ min: 1, max: 10_000 }),
    burst: fc.integer({ min: 0, max: 9_999 }),
    streams: fc.integer({ min: 100, max: 10_000_000 }),
    rejectHours: fc.integer({ min: 1, max: 87_600 }),
    waiting: fc.integer({ min: 1, max: 100_000 }),
    parallelism: fc.integer({ min: 1, max: 2048 }),
    warmDays: fc.integer({ min: 1, max: 1800 }),
    colder: fc.option(fc.integer({ min: 1, max: 1800 })),
    longer: fc.array(fc.integer({ min: 1, max: 3650 }), { maxLength: 3 }),
  })
  .map(({ profile, rate, burst, streams, rejectHours, waiting, parallelism, warmDays, colder, longer }) =>
    settingsFor(profile, {
      loki: {
        limits: {
          ingestionRateMb: rate,
          ingestionBurstSizeMb: Math.min(10_000, rate + burst),
          maxStreams: streams,
          rejectOldSamplesHours: rejectHours,
          maxOutstandingRequestsPerTenant: waiting,
        },
        query: { parallelism: Math.min(parallelism, waiting) },
      },
      minio: { tier: { kind: "s3", endpoint: "https://s3.example.com", bucket: "cold", secret: "cold-tier" } },
      retention: {
        hotDays: 0,
        warmDays,
        ...(colder === null ? {} : { coldDays: warmDays + colder }),
        streams: longer.map((days, index) => ({ selector: `{namespace="n${index}"}`, days, priority: index })),
      },
    }),
  );

/** Each says what must hold between two limits, or between a limit and a setting. */
const relations: Record<string, (config: Tree, settings: Settings, values: Tree) => boolean> = {
  "one query may reach over all that is kept": ({ limits_config }, { retention }) => {
    const kept = Math.max(retention.coldDays ?? retention.warmDays, ...retention.streams.map(({ days }) => days));
    return seconds(limits_config?.max_query_length) >= (kept + 1) * day;
  },
  "a query over all that is kept has no more parts than one over 30 days": ({ limits_config }, { retention }) => {
    const kept = Math.max(retention.coldDays ?? retention.warmDays, ...retention.streams.map(({ days }) => days));
    const split = seconds(limits_config?.split_queries_by_interval);
    return (kept * day) / split <= 2880 && (kept > 30 || split === 900);
  },
  "nothing is kept that no query may look back to": ({ limits_config }) =>
    limits_config?.max_query_lookback === undefined,
  "a line that is not too old for Loki is not too old for its stream": ({ ingester, limits_config }) =>
    seconds(ingester?.max_chunk_age) / 2 >=
    seconds(limits_config?.reject_old_samples_max_age) + defaults.creationGraceMinutes * 60,
  "chunks are cut by the clock, so that a large window keeps no more of them in memory": ({ ingester }) =>
    Number(ingester?.sync_min_utilization) === 0 && seconds(ingester?.sync_period) <= 2 * 3600,
  "a line that only an ingester holds is asked for there": ({ ingester, limits_config, querier }) =>
    seconds(querier?.query_ingesters_within) >=
    seconds(limits_config?.reject_old_samples_max_age) +
      seconds(ingester?.sync_period) +
      seconds(ingester?.chunk_idle_period) +
      defaults.flushCheckMinutes * 60,
  "a stream is never over its rate before its tenant is": ({ limits_config }, _, { loki }) => {
    const tenants = [limits_config!, ...Object.values(loki!.runtimeConfig!.overrides!)];
    return tenants.every(
      (tenant) =>
        megabytes(limits_config?.per_stream_rate_limit) >= Number(tenant.ingestion_rate_mb) &&
        megabytes(limits_config?.per_stream_rate_limit_burst) >= Number(tenant.ingestion_burst_size_mb),
    );
  },
  "the stack's own tenant is never over its rate, and no other tenant is spared": (
    { limits_config },
    { loki: { limits }, tenant },
    { loki },
  ) => {
    const { overrides } = loki!.runtimeConfig!;
    const unlimited = overrides![tenant]!;
    return (
      Object.keys(overrides!).join() === tenant &&
      Number(unlimited.ingestion_rate_mb) >= 10_000 &&
      Number(unlimited.ingestion_burst_size_mb) >= 10_000 &&
      Number(limits_config?.ingestion_rate_mb) === limits.ingestionRateMb
    );
  },
  "a push of the whole burst fits every way to the ingesters": (
    { distributor, ingester_client, limits_config, server },
    _,
    { gateway },
  ) => {
    const burst = Number(limits_config?.ingestion_burst_size_mb) * 2 ** 20;
    const client = ingester_client?.grpc_client_config;
    const ways = [
      distributor?.max_recv_msg_size,
      distributor?.max_decompressed_size,
      client?.max_send_msg_size,
      server?.grpc_server_max_recv_msg_size,
    ];
    return [...ways.map(Number), megabytes(gateway?.nginxConfig?.clientMaxBodySize) * 2 ** 20].every(
      (most) => most >= burst,
    );
  },
  "a batch of Alloy's fits through the gateway": (_, __, { gateway }) =>
    megabytes(gateway?.nginxConfig?.clientMaxBodySize) * 2 ** 20 >= largestBatchBytes,
  "messages that a server takes are no larger than those that a client may answer": ({ ingester_client, server }) =>
    Number(ingester_client?.grpc_client_config?.max_recv_msg_size) >= Number(server?.grpc_server_max_send_msg_size),
  "a query ends before the server that answers it gives up": ({ limits_config, server }) =>
    [server?.http_server_write_timeout, server?.http_server_read_timeout].every(
      (timeout) => seconds(timeout) > seconds(limits_config?.query_timeout),
    ),
  "the parts of one query may wait together": ({ limits_config, query_scheduler }) =>
    Number(limits_config?.tsdb_max_query_parallelism) <= Number(query_scheduler?.max_outstanding_requests_per_tenant),
  "a volume may name each stream": ({ limits_config }) =>
    Number(limits_config?.volume_max_series) >= Number(limits_config?.max_global_streams_per_user),
  "a result without late lines is kept for an hour at most": ({ query_range }) => {
    const cache = query_range?.results_cache?.cache;
    return cache === undefined || seconds(cache.default_validity ?? "1h") <= 3600;
  },
};

describe("Loki's limits", () => {
  let samples: Parameters<(typeof relations)[string]>[];

  // The same for all relations, since to make them takes longer than to judge them.
  before(() => {
    samples = fc.sample(random, 200).map((settings) => {
      const { loki } = planOf(settings);
      return [lokiConfig(loki) as Tree, settings, lokiValues(loki) as Tree];
    });
  });

  for (const [relation, holds] of Object.entries(relations)) {
    it(`with any settings: ${relation}`, () => {
      const broken = samples.find((sample) => !holds(...sample));
      assert.equal(broken && JSON.stringify(broken[1]), undefined);
    });
  }

  it("are the same in the text that Loki reads", () => {
    const settings = settingsFor("prod");
    const { loki } = lokiValues(planOf(settings).loki) as { loki: { config: string } };
    assert.deepEqual(
      (parse(loki.config) as Tree).limits_config,
      (lokiConfig(planOf(settings).loki) as Tree).limits_config,
    );
  });
});

describe("the limits of a tenant for which Alloy collects", () => {
  it("hold its streams, but no rate: Alloy would drop what is beyond it", () => {
    const { loki } = planOf(
      settingsFor("dev", {
        alloy: { tenants: { shop: "team-a" } },
        gateway: { authentication: "basic", tenants: ["team-b"] },
        loki: { limits: { tenants: [{ name: "team-a", maxStreams: 70 }] } },
      }),
    );
    const unlimited = { ingestion_rate_mb: 10_000, ingestion_burst_size_mb: 10_000 };
    assert.deepEqual(runtimeConfig(loki), {
      overrides: {
        "team-a": { max_global_streams_per_user: 70, volume_max_series: 70, ...unlimited },
        logharbor: unlimited,
      },
    });
  });
});

describe("Loki itself", () => {
  const loki = join(cacheDir(), "bin", "loki");
  const variants = {
    dev: settingsFor("dev"),
    prod: settingsFor("prod"),
    "ha-monolithic": settingsFor("prod", { topology: "ha-monolithic" }),
    "a year": settingsFor("prod", { retention: { warmDays: 365 } }),
  };
  for (const [name, settings] of Object.entries(variants)) {
    it(`takes the configuration of ${name}`, async function () {
      if (!existsSync(loki)) {
        this.test!.title += " (no Loki: the local cluster was not built here)";
        this.skip();
      }
      const folder = mkdtempSync(join(tmpdir(), "loki-config-"));
      try {
        const file = join(folder, "config.yaml");
        writeFileSync(file, lokiConfigText(planOf(settings).loki).replaceAll("/var/loki", folder));
        const env = {
          ...process.env,
          [lokiStoreVariables.accessKeyId]: "id",
          [lokiStoreVariables.secretAccessKey]: "secret",
        };
        await promisify(execFile)(loki, ["-verify-config", "-config.expand-env=true", `-config.file=${file}`], { env });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }).timeout(60_000);
  }
});
