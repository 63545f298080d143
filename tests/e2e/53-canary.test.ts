import assert from "node:assert/strict";
import { gather } from "../../doctor/gather/gather";
import { judge } from "../../doctor/judge";
import { figuresOf } from "../../doctor/judges/canary";
import { parseMetrics, total } from "../../doctor/metrics";
import { canaryName, ports } from "../../domain/names";
import { writtenLine } from "../../render/canary/objects";
import { logAlerts } from "../../render/monitoring/logAlerts";
import { planOf } from "../../render/plan";
import { isReady, type Workload } from "../support/cluster";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

const why = "compiles the canary, and takes two ups and three minutes; unit tests guard its arguments and judgements";

describe("the canary", () => {
  const p = platform();
  const { cluster } = p;
  const namespace = p.settings.namespaces.alloy;
  const workload: Workload = { kind: "DaemonSet", namespace, name: canaryName, replicas: 1 };
  // With a login; tests/e2e/52-monitoring.test.ts has a canary without one.
  const overrides = { canary: { enabled: true }, gateway: { authentication: "basic" } };
  let began: Date | undefined;

  before(async function () {
    await p.ensureUp();
    if (!(await cluster.hasImage("loki-canary"))) {
      console.log("      skipped: the cluster has no canary; a run with --full compiles it (not for kind)");
      this.skip();
    }
    began = new Date();
    await (await p.stack(overrides)).up();
  });

  after(async () => {
    if (began !== undefined) await (await p.stack()).up();
  });

  /** The only canary, once it is ready. */
  const pod = async () =>
    waitFor("a ready canary", 120, async () => {
      const pods = (await cluster.podsOf(workload)).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
      return pods.length === 1 && pods.every(isReady) ? pods[0]!.metadata!.name! : undefined;
    });
  const counts = async (name: string) => {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}:${ports.canary}/proxy/metrics`;
    const metrics = parseMetrics(await cluster.ask("GET", path));
    const of = (metric: string) => total(metrics, `loki_canary_${metric}`);
    return {
      written: of("entries_total"),
      readBack: of("response_latency_seconds_count"),
      seconds: of("response_latency_seconds_sum"),
      late: of("websocket_missing_entries_total"),
      missing: of("missing_entries_total"),
      unexpected: of("unexpected_entries_total"),
      twice: of("duplicate_entries_total"),
    };
  };
  const target = async () => {
    const stack = await p.stack(overrides);
    return { kubeConfig: cluster.kubeConfig, settings: await stack.settings(), owner: stack.owner };
  };
  full(
    why,
    "logs in at the gateway, reads back through Alloy what it writes, and doctor shows its figures",
    async () => {
      const name = await pod();
      const { late, missing, readBack, seconds, twice, unexpected } = await waitFor(
        "5 lines read back",
        120,
        async () => {
          const now = await counts(name);
          return now.readBack >= 5 ? now : undefined;
        },
      );
      assert.deepEqual({ late, missing, twice, unexpected }, { late: 0, missing: 0, twice: 0, unexpected: 0 });
      assert.ok(seconds / readBack < 30, `${seconds} s for ${readBack} lines`);
      const own = `{app="${canaryName}", namespace="${namespace}"}`;
      assert.ok((await p.count(`${own} |~ \`${writtenLine}\``, began!)) >= 5);
      const facts = await gather(await target());
      const findings = judge(facts).filter(({ severity }) => severity !== "note");
      assert.deepEqual(
        findings.map(({ problem }) => problem),
        [],
      );
      const [figures, ...others] = figuresOf(facts);
      assert.deepEqual(others, []);
      assert.ok(figures!.node !== "" && figures!.written >= 5 && figures!.readBack >= 5);
    },
  );

  full(why, "misses lines that come back altered, and doctor and its own log tell it", async () => {
    const { spec } = await cluster.apps.readNamespacedDaemonSet({ namespace, name: canaryName });
    const [container] = spec!.template.spec!.containers;
    // Shorter waits, and lines that are not what it looks for, as if they had been cut on their way.
    const changed = { size: "90", interval: "1s", wait: "5s", "max-wait": "15s", pruneinterval: "5s" };
    const names = Object.keys(changed);
    const args = [
      ...container!.args!.filter((flag) => !names.some((name) => flag.startsWith(`-${name}=`))),
      ...Object.entries(changed).map(([name, value]) => `-${name}=${value}`),
    ];
    const before = await pod();
    await cluster.ask("PATCH", `/apis/apps/v1/namespaces/${namespace}/daemonsets/${canaryName}`, {
      spec: { template: { spec: { containers: [{ ...container, args }] } } },
    });
    const name = await waitFor("the canary with these arguments", 120, async () => {
      const now = await pod();
      return now === before ? undefined : now;
    });
    await waitFor("missing lines", 120, async () => ((await counts(name)).missing > 3 ? true : undefined));
    assert.equal((await counts(name)).readBack, 0);
    const { settings, ...rest } = await target();
    const found = judge(await gather({ settings, ...rest }));
    assert.deepEqual(
      found.filter(({ severity }) => severity !== "note").map(({ check }) => check),
      ["lines-missing", "lines-late"],
    );
    const monitoring = { ...settings.monitoring, namespaces: ["any"] };
    const { expr, threshold } = logAlerts(planOf({ ...settings, monitoring }).monitoring!).find(
      (alert) => alert.name === "LogharborCanaryMissing",
    )!;
    await waitFor("LogharborCanaryMissing by logs", 60, async () => {
      const answer = await p.askLoki(`/loki/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result.some(({ value }) => Number(value[1]) > threshold) ? true : undefined;
    });
  });
});
