import assert from "node:assert/strict";
import { ports } from "../../domain/names";
import { platformDashboard } from "../../render/grafana/platformDashboard";
import { alertsOf } from "../../render/monitoring/alerts";
import { logAlerts } from "../../render/monitoring/logAlerts";
import { minioUrl } from "../../render/addresses";
import { planOf } from "../../render/plan";
import { queriesOf } from "../support/dashboards";
import { recorder } from "../support/events";
import { addOperatorDouble, operatorObjects, removeOperatorDouble } from "../support/operatorDouble";
import { platform } from "../support/platform";
import { Prometheus } from "../support/prometheus";
import { full } from "../support/sizes";
import { waitFor } from "../support/wait";

const why =
  "compiles Prometheus, and takes three ups and an outage of MinIO; unit tests guard alerts, monitors and ports";

describe("monitoring", () => {
  const p = platform();
  const { cluster, settings } = p;
  const { namespaces } = settings;
  const [inside, outside] = ["e2e-monitoring", "e2e-monitoring-stranger"];
  const overrides = { monitoring: { namespaces: [inside] }, canary: { enabled: true } };
  const spec = planOf({
    ...settings,
    monitoring: { ...settings.monitoring, ...overrides.monitoring },
    canary: { ...settings.canary, ...overrides.canary },
  }).monitoring!;
  const summaryOf = (name: string) => alertsOf(spec).find((alert) => alert.name === name)?.summary;
  let prometheus: Prometheus | undefined;
  let began = false;

  before(async function () {
    await p.ensureUp();
    // After the up: it takes the kubelet a while to tell its images.
    if (!(await cluster.hasImage("prometheus"))) {
      console.log("      skipped: the cluster has no Prometheus; a run with --full compiles it (not for kind)");
      this.skip();
    }
    began = true;
    const pod = { name: "probe", script: "sleep 36000" };
    for (const namespace of [inside, outside]) {
      await cluster.createNamespace(namespace);
      await cluster.runShells(namespace, [pod]);
    }
    await (await p.stack(overrides)).up();
    prometheus = await Prometheus.start(cluster, inside, spec);
  });

  after(async () => {
    if (!began) return;
    await removeOperatorDouble(cluster);
    await prometheus?.remove();
    for (const namespace of [inside, outside]) await cluster.removeNamespace(namespace);
    await (await p.stack()).up();
  });

  /** Which ports of a pod a probe reaches. */
  const reached = async (from: string, address: string, tried: readonly number[]): Promise<number[]> => {
    const tries = tried.map((port) => `(timeout 5 nc -w 3 ${address} ${port} -e true 2>/dev/null && echo ${port}) &`);
    const said = await cluster.inShell(from, "probe", [...tries, "wait"].join("\n"));
    return said
      .split("\n")
      .filter((line) => line !== "")
      .map(Number)
      .sort((a, b) => a - b);
  };

  /** Alerts that fire or are about to, besides the watchdog. The machine's disk is not ours alone. */
  const told = async () =>
    (await prometheus!.alerts())
      .map(({ labels }) => labels.alertname ?? "")
      .filter((name) => !["LogharborWatchdog", "LogharborMinioCapacity"].includes(name));

  full(why, "opens the metrics ports, and only those, to the pods of the named namespaces alone", async () => {
    const tried = [
      ports.lokiHttp,
      ports.lokiGrpc,
      ports.lokiMemberlist,
      ports.minioApi,
      ports.minioConsole,
      ports.alloy,
    ];
    for (const [workload, open] of [
      [p.workloads.loki, ports.lokiHttp],
      [p.workloads.minio, ports.minioApi],
      [p.workloads.alloy, ports.alloy],
    ] as const) {
      const [pod] = await cluster.podsOf(workload);
      const address = pod?.status?.podIP ?? "";
      await waitFor(`the way to ${workload.name}`, 20, async () =>
        (await reached(inside, address, tried)).length > 0 ? true : undefined,
      );
      assert.deepEqual(await reached(inside, address, tried), [open], workload.name);
      assert.deepEqual(await reached(outside, address, tried), [], workload.name);
    }
  });

  full(why, "shows every part to a real Prometheus that is set up as docs/monitoring.md says", async () => {
    const parts = ["loki", "minio", "alloy"] as const;
    await waitFor("targets", 60, async () => {
      const targets = await prometheus!.targets();
      const down = targets.filter(({ health }) => health !== "up");
      if (down.length > 0) throw new Error(down.map(({ labels, lastError }) => `${labels.pod}: ${lastError}`).join());
      return parts.every((part) => targets.some(({ labels }) => labels.namespace === namespaces[part])) || undefined;
    });
    for (const metric of [
      "loki_ring_members",
      "minio_cluster_health_status",
      "loki_write_sent_entries_total",
      "loki_canary_entries_total",
    ])
      assert.ok((await prometheus!.count(metric)) > 0, metric);
  });

  full(why, "has the series of every panel of the dashboard over metrics", async () => {
    // These series exist only once something was refused, failed, compacted or deleted.
    const quiet = [
      "Refused lines per second",
      "Answers with errors per second",
      "Chunks that could not be flushed per second",
      "Chunks deleted by retention per second",
      "Since the last run of retention",
      "Since the last compaction",
      "Components that are not healthy",
    ];
    await p.flush();
    await p.count(`{namespace="${namespaces.loki}"}`, new Date(Date.now() - 60_000));
    const queries = [...queriesOf(platformDashboard({ platform: namespaces, canary: true, minio: true }))];
    const empty = async () => {
      const counts = await Promise.all(
        queries.map(async ([title, query]): Promise<[string, number]> => [title, await prometheus!.count(query)]),
      );
      return counts.flatMap(([title, count]) => (count === 0 && !quiet.includes(title) ? [title] : []));
    };
    await waitFor("series", 180, async () => {
      const missing = await empty();
      if (missing.length > 0) throw new Error(`no series: ${missing.join(", ")}`);
      return true;
    });
  });

  full(why, "lets nobody read MinIO's metrics without the token", async () => {
    const said = await cluster.inShell(
      inside,
      "probe",
      `wget -S -O /dev/null ${minioUrl(settings)}/minio/v2/metrics/cluster 2>&1`,
    );
    assert.match(said, /403/);
  });

  full(why, "tells no fault of a healthy platform, by metrics or by logs", async () => {
    // Two minutes hold 24 evaluations of each rule. One that is true is at least pending.
    const until = Date.now() + 120_000;
    await waitFor("the watchdog", 60, async () =>
      (await prometheus!.alerts()).some(
        ({ labels, state }) => labels.alertname === "LogharborWatchdog" && state === "firing",
      )
        ? true
        : undefined,
    );
    await waitFor(
      "two quiet minutes",
      150,
      async () => {
        assert.deepEqual(await told(), []);
        return Date.now() > until ? true : undefined;
      },
      5_000,
    );
    assert.deepEqual(await prometheus!.faultyRules(), []);
    for (const { name, expr, threshold } of logAlerts(spec)) {
      // The ten minutes of the rules may hold what an earlier test broke.
      const query = expr.replaceAll("[10m]", "[2m]");
      const answer = await p.askLoki(`/loki/api/v1/query?${new URLSearchParams({ query }).toString()}`);
      assert.equal(answer.status, 200, `${name}: ${await answer.clone().text()}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      for (const { value } of data.result) assert.ok(Number(value[1]) <= threshold, `${name}: ${value[1]}`);
    }
  });

  full(why, "tells that MinIO is away, and by logs too that Loki cannot store", async () => {
    const { minio } = p.workloads;
    await cluster.scale(minio, 0);
    try {
      const alert = await waitFor("LogharborMinioDown", 300, async () =>
        (await prometheus!.alerts()).find(
          ({ labels, state }) => labels.alertname === "LogharborMinioDown" && state === "firing",
        ),
      );
      assert.equal(alert.labels.severity, "critical");
      assert.equal(alert.annotations.summary, summaryOf("LogharborMinioDown"));
      assert.equal(alert.annotations.runbook_url, "docs/runbooks/minio.md#logharborminiodown");
      await p.flush();
      await waitFor("LogharborFlushFailures by metrics", 120, async () =>
        (await told()).includes("LogharborFlushFailures") ? true : undefined,
      );
      const { expr, threshold } = logAlerts(spec).find(({ name }) => name === "LogharborFlushFailures")!;
      await waitFor("LogharborFlushFailures by logs", 120, async () => {
        const answer = await p.askLoki(`/loki/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`);
        const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result.some(({ value }) => Number(value[1]) > threshold) ? true : undefined;
      });
    } finally {
      await cluster.scale(minio, minio.replicas);
    }
    await waitFor("the end of LogharborMinioDown", 60, async () =>
      (await told()).includes("LogharborMinioDown") ? undefined : true,
    );
  });

  full(
    why,
    "makes monitors and alerts where the operator's kinds are (a double of them), and takes them back",
    async () => {
      await addOperatorDouble(cluster);
      const seen = recorder();
      await (await p.stack(overrides, seen.onEvent)).up();
      assert.ok(
        seen.changed().some((change) => change.startsWith("create PrometheusRule")),
        seen.changed().join(),
      );
      const expected = (["alloy", "loki", "minio"] as const).map((part) => `${namespaces[part]}/logharbor-${part}`);
      expected.push(`${namespaces.alloy}/logharbor-canary`);
      assert.deepEqual(await operatorObjects(cluster, "servicemonitors"), expected.sort());
      assert.deepEqual(await operatorObjects(cluster, "prometheusrules"), [`${namespaces.loki}/logharbor`]);
      for (const pod of await cluster.podsOf(p.workloads.loki))
        assert.equal(pod.metadata?.annotations?.["prometheus.io/scrape"], undefined);

      // The operator goes, and its kinds with it.
      await removeOperatorDouble(cluster);
      await (await p.stack(overrides)).up();
      for (const pod of await cluster.podsOf(p.workloads.loki))
        assert.equal(pod.metadata?.annotations?.["prometheus.io/scrape"], "true");
    },
  );
});
