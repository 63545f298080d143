import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { headersFor, queryRange } from "../../logs/query";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { withTenantLimits } from "../support/tenantLimits";
import { waitFor } from "../support/wait";

/**
 * What Loki refuses for good affects only its own stream or tenant. Everything else can be read within half a minute,
 * and each line is stored or counted.
 */
describe("refusals", () => {
  const p = platform();
  const own = p.settings.tenant;
  /** Pods in a separate namespace keep writing while `work` has others refused. */
  const neighbour = { name: "neighbour", script: "n=0; while true; do n=$((n+1)); echo line $n; sleep 1; done" };

  before(async () => p.ensureUp());

  const metric = async (name: string, ...texts: string[]) => {
    const lines = (await p.askEach(p.workloads.loki, "metrics")).flatMap((text) => text.split("\n"));
    return lines
      .filter((line) => line.startsWith(`${name}{`) && texts.every((text) => line.includes(text)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  };
  const discarded = async (reason: string, tenant = own) =>
    metric("loki_discarded_samples_total", `reason="${reason}"`, `tenant="${tenant}"`);
  const stored = async (query: string, start: Date) => p.count(query, start);

  /** Watches for a while: the longest delay, in seconds, until the neighbour's newest line could be read. */
  const greatestLag = async (namespace: string, seconds: number) => {
    let greatest = 0;
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(2000)) {
      const [newest] = await queryRange(p.loki, { query: `{namespace="${namespace}", app="neighbour"}`, limit: 1 });
      greatest = Math.max(
        greatest,
        newest === undefined ? Infinity : (Date.now() - Number(newest.timestampNs) / 1e6) / 1000,
      );
    }
    return greatest;
  };

  /** Compares counts; each ingester that should hold a line counts it. */
  const counts = (difference: number, expected: number, what: string) => {
    const { replicationFactor } = p.settings.loki;
    if ((replicationFactor ?? 1) === 1 && p.settings.topology === "single-binary")
      assert.equal(difference, expected, what);
    else assert.ok(difference >= expected, `${what}: ${difference}, expected at least ${expected}`);
  };

  core(
    "of streams beyond the limit affect only those: neighbours are read, and each line is stored or counted",
    async () => {
      const namespace = "e2e-refusals";
      const lines = 20;
      const careless = Array.from({ length: 10 }, (_, index) => ({
        name: `careless-${index}`,
        script: `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; sleep 1; done; sleep 36000`,
      }));
      const start = new Date();
      await p.cluster.withNamespace(namespace, async () => {
        await p.cluster.runShells(namespace, [neighbour]);
        await waitFor("a neighbour's line", 60, async () =>
          (await stored(`{namespace="${namespace}"}`, start)) > 0 ? true : undefined,
        );
        const [streams, before, droppedBefore] = [
          await metric("loki_ingester_memory_streams", `tenant="${own}"`),
          await discarded("stream_limit"),
          await p.alloyMetric("loki_write_dropped_entries_total", 'reason="rate_limited"'),
        ];
        await withTenantLimits(p, own, { max_global_streams_per_user: streams + 2 }, async () => {
          await p.cluster.runShells(namespace, careless);
          const lag = await greatestLag(namespace, 40);
          assert.ok(lag <= 30, `the neighbour was ${lag.toFixed(1)} s behind`);
          const kept = await waitFor("all lines stored or counted", 60, async () => {
            const found = await stored(`{namespace="${namespace}", app=~"careless-.*"}`, start);
            return found + (await discarded("stream_limit")) - before >= careless.length * lines ? found : undefined;
          });
          counts((await discarded("stream_limit")) - before, careless.length * lines - kept, "lines refused");
          assert.ok(kept >= lines, "streams up to the limit were taken");
          assert.ok(kept < careless.length * lines, "none was refused, so this shows nothing");
          assert.ok(
            (await p.alloyMetric("loki_write_dropped_entries_total", 'reason="rate_limited"')) > droppedBefore,
            "Alloy did not count what it dropped",
          );
        });
        const after = await discarded("stream_limit");
        await p.cluster.inShell(namespace, "careless-9", "echo once more > /proc/1/fd/1");
        await waitFor("the line after the limit was raised", 60, async () =>
          (await stored(`{namespace="${namespace}", app="careless-9"} |= "once more"`, start)) === 1 ? true : undefined,
        );
        assert.equal(await discarded("stream_limit"), after);
      });
    },
  );

  full(
    "two minutes; the streams beyond the limit take the same way",
    "of a stream over its rate affect only that stream",
    async () => {
      const namespace = "e2e-flood";
      const lines = 30_000;
      const start = new Date();
      await p.cluster.withNamespace(namespace, async () => {
        await p.cluster.runShells(namespace, [neighbour]);
        // Lowers only the limit of a stream, to a burst of 1 MB, which nothing else here comes near.
        await withTenantLimits(
          p,
          own,
          { per_stream_rate_limit: "100KB", per_stream_rate_limit_burst: "1MB", shard_streams: { enabled: false } },
          async () => {
            const before = await discarded("per_stream_rate_limit");
            await p.cluster.runShells(namespace, [
              {
                name: "flood",
                script:
                  `seq ${lines} | sed 's/$/ of a flood that is far over the rate of one stream, and so is refused in ` +
                  "part/'; sleep 36000",
              },
            ]);
            const lag = await greatestLag(namespace, 40);
            assert.ok(lag <= 30, `the neighbour was ${lag.toFixed(1)} s behind`);
            const kept = await waitFor("all lines stored or counted", 60, async () => {
              const found = await stored(`{namespace="${namespace}", app="flood"}`, start);
              return found + (await discarded("per_stream_rate_limit")) - before >= lines ? found : undefined;
            });
            counts((await discarded("per_stream_rate_limit")) - before, lines - kept, "lines refused");
            assert.ok(kept < lines, "none was refused, so this shows nothing");
          },
        );
      });
    },
  );

  core(
    "never affect lines that are only late: as old as the limit, next to one from now in the same stream, they are stored and read at once",
    async () => {
      const { rejectOldSamplesHours } = p.settings.loki.limits;
      const ages = [0, 70 / 60, 24, rejectOldSamplesHours - 0.1];
      const now = Date.now();
      for (const hours of ages) {
        const body = JSON.stringify({
          streams: [
            {
              stream: { job: "late", run: String(now) },
              values: [[`${Math.round(now - hours * 3_600_000)}000000`, `${hours} hours old`]],
            },
          ],
        });
        const response = await p.askLoki("/loki/api/v1/push", {
          method: "POST",
          headers: { "Content-Type": "application/json", ...headersFor(p.loki) },
          body,
        });
        assert.equal(response.status, 204, await response.text());
      }
      for (const hours of ages) {
        const at = now - hours * 3_600_000;
        const found = await queryRange(p.loki, {
          query: `{job="late", run="${now}"}`,
          start: new Date(at - 60_000),
          end: new Date(at + 60_000),
        });
        assert.deepEqual(
          found.map(({ line }) => line),
          [`${hours} hours old`],
        );
      }
      const all = await queryRange(p.loki, {
        query: `{job="late", run="${now}"}`,
        start: new Date(now - p.settings.retention.warmDays * 86_400_000),
        end: new Date(now + 1000),
      });
      assert.equal(all.length, ages.length, "one query over the whole retention");
    },
  );

  full(
    "a minute; the streams beyond the limit guard the neighbour",
    "of a tenant over its rate affect only that tenant",
    async () => {
      const [namespace, other] = ["e2e-tenants", "greedy"];
      const start = new Date();
      const push = async (index: number) => {
        const values = Array.from({ length: 100 }, (_, line) => [
          String(BigInt(Date.now()) * 1_000_000n + BigInt(line)),
          `push ${index} line ${line} ${"x".repeat(1000)}`,
        ]);
        const body = JSON.stringify({ streams: [{ stream: { job: "greedy" }, values }] });
        return (
          await fetch(`${p.loki.url}/loki/api/v1/push`, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-Scope-OrgID": other },
            body,
          })
        ).status;
      };
      await p.cluster.withNamespace(namespace, async () => {
        await p.cluster.runShells(namespace, [neighbour]);
        await withTenantLimits(p, other, { ingestion_rate_mb: 0.05, ingestion_burst_size_mb: 0.3 }, async () => {
          const before = await discarded("rate_limited", other);
          const lagging = greatestLag(namespace, 25);
          const answers: number[] = [];
          for (let index = 0; index < 40; index++) {
            answers.push(await push(index));
            await sleep(500);
          }
          const lag = await lagging;
          assert.ok(lag <= 30, `the neighbour was ${lag.toFixed(1)} s behind`);
          const [taken, refused] = [204, 429].map((status) => answers.filter((answer) => answer === status).length);
          assert.equal(taken! + refused!, answers.length, answers.join());
          assert.ok(taken! > 0 && refused! > 0, answers.join());
          assert.equal((await discarded("rate_limited", other)) - before, refused! * 100);
          const seconds = Math.ceil((Date.now() - start.getTime()) / 1000);
          const search = new URLSearchParams({ query: `sum(count_over_time({job="greedy"}[${seconds}s]))` });
          const found = await fetch(`${p.loki.url}/loki/api/v1/query?${search.toString()}`, {
            headers: { "X-Scope-OrgID": other },
          });
          const { data } = (await found.json()) as { data: { result: { value: [number, string] }[] } };
          assert.equal(Number(data.result[0]?.value[1]), taken! * 100);
        });
      });
    },
  );

  full(
    "two ups of Alloy; unit tests hold the pipeline",
    "by Alloy, of what an app writes beyond its limit, are counted; a quieter app of the namespace loses nothing",
    async () => {
      const namespace = "e2e-limits";
      const [rate, lines] = [20, 2000];
      const burst = `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; done; sleep 36000`;
      await p.cluster.createNamespace(namespace);
      await p.withSettings({ alloy: { limits: { appLinesPerSecond: rate } } }, async () => {
        const counted = async () =>
          p.alloyMetric("loki_process_dropped_lines_by_label_total", `label_value="${namespace}/greedy"`);
        const start = new Date();
        await p.cluster.runShells(namespace, [{ name: "greedy", script: burst }, neighbour]);
        try {
          const kept = await waitFor("each line of the greedy app stored or counted", 120, async () => {
            const [took, dropped] = [await stored(`{namespace="${namespace}", app="greedy"}`, start), await counted()];
            return took + dropped === lines ? took : undefined;
          });
          // Ten seconds' worth may come at once; what reading took may add to it.
          assert.ok(kept >= rate * 10 && kept < lines / 2, `${kept} of ${lines} lines were stored`);
          const quiet = await queryRange(p.loki, { query: `{namespace="${namespace}", app="neighbour"}`, limit: 5000 });
          const numbers = quiet.map(({ line }) => Number(line.slice("line ".length))).sort((a, b) => a - b);
          assert.ok(numbers.length > 0);
          assert.deepEqual(
            numbers,
            numbers.map((_, index) => index + 1),
          );
        } finally {
          await p.cluster.removeNamespace(namespace);
        }
      });
    },
  );
});
