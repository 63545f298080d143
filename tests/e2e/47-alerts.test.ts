import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { secretNames } from "../../domain/names";
import { openLoki } from "../../logs/access";
import { openAlertmanager } from "../../logs/alertmanager";
import { awaitTest, ruleStates, writeTestLine } from "../../logs/alerts";
import { headersFor, type LokiAccess } from "../../logs/query";
import { replay } from "../../logs/replay";
import { testAlert } from "../../render/loki/rules";
import { platform, type Overrides } from "../support/platform";
import { PodProcesses } from "../support/podProcesses";
import { Sink } from "../support/sink";
import { full } from "../support/sizes";
import { testNode } from "../support/testPlatform";
import { waitFor } from "../support/wait";

/** A rule, Loki's ruler, the stack's own Alertmanager, and somebody who is notified: all real. */
describe("alerts", () => {
  const p = platform();
  const namespace = "e2e-alerts";
  const interval = 10;
  const secret = "sink-url";
  const sink = new Sink(p.cluster, namespace);
  const burst = {
    name: "ErrorBurst",
    expr: 'sum by (app) (count_over_time({namespace="e2e-alerts"} |= "error" [30s]))',
    threshold: 5,
    severity: "critical",
    summary: "{{ $labels.app }} logs errors",
  };
  const withRules = (...rules: object[]): Overrides => ({
    alerts: {
      intervalSeconds: interval,
      alertmanager: "own",
      own: {
        receivers: [{ name: "sink", type: "webhook", secret }],
        receiverPorts: [Sink.port],
      },
      rules,
    },
  });
  const bursting = (count: number) => `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo error $i; done; sleep 36000`;

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(namespace);
    await sink.start();
    await p.cluster.core.createNamespacedSecret({
      namespace: p.settings.namespaces.loki,
      body: { metadata: { name: secret }, stringData: { url: sink.url } },
    });
  });

  after(async () => {
    await p.cluster.removeNamespace(namespace);
    await p.cluster.core.deleteNamespacedSecret({ namespace: p.settings.namespaces.loki, name: secret });
  });

  const evaluated = async (rule: string) =>
    waitFor(`an evaluation of ${rule}`, 120, async () =>
      (await ruleStates(p.loki)).some(({ name, health }) => name === rule && health === "ok") ? true : undefined,
    );

  full(
    "four minutes, and Alertmanager compiled",
    "of an error burst reach the receiver within two evaluations, and an idle platform sends none",
    async () => {
      const everything = {
        ...burst,
        name: "AnyError",
        // Not the cluster's own pods, which may log real errors. What is left is the platform, which rules leave out.
        expr: 'sum by (namespace) (count_over_time({namespace=~".+", namespace!~"e2e-alerts|kube-system"} |= "error" [30s]))',
        threshold: 0,
      };
      await p.withSettings(withRules(burst, everything), async () => {
        await evaluated("ErrorBurst");
        await evaluated("AnyError");
        await sleep(3 * interval * 1000);
        assert.deepEqual(await sink.received(), [], "an idle platform");

        await p.cluster.runShells(namespace, [{ name: "shop", script: bursting(20) }]);
        const began = Date.now();
        const [told] = await waitFor("the notification", 120, async () => {
          const found = await sink.toldOf("ErrorBurst", "firing");
          return found.length > 0 ? found : undefined;
        });
        // Alertmanager waits 15 s for others of the group; the rest is the way of the line, and of requests.
        const seconds = (Date.now() - began) / 1000;
        assert.ok(seconds <= 2 * interval + 15 + 10, `${seconds.toFixed(1)} s`);
        assert.deepEqual(told?.alerts[0]?.labels, {
          alertname: "ErrorBurst",
          app: "shop",
          severity: "critical",
          tenant: p.settings.tenant,
        });
        assert.equal(told?.alerts[0]?.annotations.summary, "shop logs errors");

        // The way that `npm run alerts -- --test` takes.
        const alertmanager = await openAlertmanager(
          await (await p.stack(withRules(burst))).settings(),
          p.cluster.kubeConfig,
        );
        try {
          await writeTestLine(p.loki, { id: "e2e", rule: "ErrorBurst", severity: "critical" });
          assert.deepEqual(await awaitTest(alertmanager, "e2e", 90), ["sink"]);
        } finally {
          await alertmanager.close();
        }
        await waitFor("the test's notification", 60, async () =>
          (await sink.toldOf(testAlert, "firing")).length > 0 ? true : undefined,
        );
        await waitFor("the end of the burst", 180, async () =>
          (await sink.toldOf("ErrorBurst", "resolved")).length > 0 ? true : undefined,
        );

        const firings = await replay(p.loki, {
          query: `(${burst.expr}) > ${burst.threshold}`,
          intervalSeconds: interval,
          start: new Date(began - 300_000),
          end: new Date(),
        });
        assert.deepEqual(
          firings.map(({ labels }) => labels),
          [{ app: "shop" }],
          "a replay finds the burst",
        );
      });
    },
  );

  full("a restart of Loki and three minutes", "a killed ruler changes nothing: exactly one notification", async () => {
    const pods = new PodProcesses(p.cluster, testNode);
    const steady = { ...burst, name: "Steady", expr: burst.expr.replace("error", "steady"), for: "1m" };
    await p.withSettings(withRules(steady), async () => {
      await evaluated("Steady");
      await p.cluster.runShells(namespace, [
        { name: "steady", script: "while true; do for i in 1 2 3 4 5; do echo steady $i; done; sleep 2; done" },
      ]);
      await waitFor("a pending alert", 90, async () =>
        (await ruleStates(p.loki)).some(({ name, state }) => name === "Steady" && state === "pending")
          ? true
          : undefined,
      );
      await sleep(20_000);
      const ruler = p.lokiTargets.at(-1)!;
      await Promise.all((await p.cluster.podsOf(ruler)).map(async (pod) => pods.kill(pod)));
      await waitFor("the notification", 240, async () =>
        (await sink.toldOf("Steady", "firing")).length > 0 ? true : undefined,
      );
      await sleep(120_000);
      assert.equal((await sink.toldOf("Steady", "firing")).length, 1);
      assert.equal((await sink.toldOf("Steady", "resolved")).length, 0);
    });
  });

  full(
    "an up and the kubelet's next look at a ConfigMap",
    "a changed threshold holds after the up, without a restart",
    async () => {
      const low = { ...burst, name: "Threshold", expr: burst.expr.replace("error", "few"), threshold: 100 };
      await p.withSettings(withRules(low), async () => {
        await evaluated("Threshold");
        await p.cluster.runShells(namespace, [{ name: "few", script: "while true; do echo few; sleep 1; done" }]);
        await sleep(60_000);
        assert.equal((await sink.toldOf("Threshold", "firing")).length, 0);
        const before = (await p.cluster.pods(p.settings.namespaces.loki)).map(({ metadata }) => metadata?.uid);
        await (await p.stack(withRules({ ...low, threshold: 5 }))).up();
        await waitFor("the notification", 240, async () =>
          (await sink.toldOf("Threshold", "firing")).length > 0 ? true : undefined,
        );
        const after = (await p.cluster.pods(p.settings.namespaces.loki)).map(({ metadata }) => metadata?.uid);
        assert.deepEqual(after, before, "no pod is replaced");
      });
    },
  );

  full("two ups and a restart of Loki", "a tenant's rule fires for that tenant, and for no other", async () => {
    const team = "team-a";
    const gateway = { authentication: "basic", tenants: [team] };
    const rule = { name: "TeamBurst", expr: 'sum(count_over_time({job="e2e-team"}[1m]))', threshold: 3 };
    const overrides = {
      gateway,
      ...withRules(
        { ...rule, severity: "critical", tenant: team },
        { ...rule, name: "OwnBurst", severity: "critical" },
      ),
    };
    await p.withSettings(overrides, async () => {
      const own = await openLoki(await (await p.stack(overrides)).settings(), p.cluster.kubeConfig);
      try {
        const passwords = await p.cluster.secret({ namespace: p.settings.namespaces.loki, name: secretNames.tenants });
        const theirs: LokiAccess = { url: own.url, tenant: team, password: passwords[team] };
        await waitFor("an evaluation of the team's rule", 180, async () =>
          (await ruleStates(theirs)).some(({ name, health }) => name === rule.name && health === "ok")
            ? true
            : undefined,
        );
        assert.ok(!(await ruleStates(own)).some(({ name }) => name === rule.name), "the stack's tenant has its own");
        const [told] = await waitFor("the notification", 180, async () => {
          const values = Array.from({ length: 5 }, (_, index) => [`${Date.now()}00000${index}`, `line ${index}`]);
          await fetch(`${own.url}/loki/api/v1/push`, {
            method: "POST",
            headers: { ...headersFor(theirs), "content-type": "application/json" },
            body: JSON.stringify({ streams: [{ stream: { job: "e2e-team" }, values }] }),
          });
          const found = await sink.toldOf(rule.name, "firing");
          return found.length > 0 ? found : undefined;
        });
        assert.equal(told?.alerts[0]?.labels.tenant, team);
        assert.deepEqual(await sink.toldOf("OwnBurst", "firing"), []);
      } finally {
        await own.close();
      }
    });
  });
});
