import assert from "node:assert/strict";
import { alertmanagerProblems } from "../../doctor/alertmanagers";
import { ruleStates } from "../../logs/alerts";
import { causesIn, Doctor } from "../support/doctor";
import { NeighbourAlertmanager } from "../support/neighbourAlertmanager";
import { platform, type Overrides } from "../support/platform";
import { Sink } from "../support/sink";
import { full } from "../support/sizes";
import { selfSigned } from "../support/certificates";
import { waitFor } from "../support/wait";

/** Loki's ruler, and a real Alertmanager that exists: away, not trusted, without the right login, and at last well. */
describe("an Alertmanager that exists", () => {
  const p = platform();
  const doctor = new Doctor(p);
  const namespace = "e2e-alertmanager";
  const { loki } = p.settings.namespaces;
  const sink = new Sink(p.cluster, namespace);
  const neighbour = new NeighbourAlertmanager(p.cluster, namespace);
  const secrets = { login: "e2e-am-login", ca: "e2e-am-ca" };
  const rule = {
    name: "Steady",
    expr: `sum by (app) (count_over_time({namespace="${namespace}"} |= "steady" [1m]))`,
    threshold: 5,
    severity: "critical",
    summary: "{{ $labels.app }} is steady",
  };
  const at = (url: string): Overrides => ({
    alerts: {
      intervalSeconds: 10,
      alertmanager: "existing",
      existing: { urls: [url], ...(url.startsWith("https:") ? secrets : {}) },
      rules: [rule],
    },
  });

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(namespace);
    await sink.start();
  });

  after(async () => {
    await p.cluster.removeNamespace(namespace);
    for (const name of Object.values(secrets))
      await p.cluster.core.deleteNamespacedSecret({ namespace: loki, name }).catch(() => undefined);
  });

  const put = async (name: string, stringData: Record<string, string>) =>
    p.cluster.ask("PATCH", `/api/v1/namespaces/${loki}/secrets/${name}`, { stringData });
  /** What `npm run alerts` says of it. */
  const trouble = async (url: string) => {
    const stack = await p.stack(at(url));
    const { problems, unseen } = await alertmanagerProblems({
      kubeConfig: p.cluster.kubeConfig,
      settings: await stack.settings(),
      owner: stack.owner,
    });
    assert.deepEqual(unseen, []);
    return problems.map(({ problem }) => problem).join("\n");
  };

  full(
    "two ups, a restart of Loki, five minutes, and Alertmanager compiled",
    "is named while it is away, not trusted or refuses the login, and then gets the alert that was on all the time",
    async () => {
      const { url } = neighbour;
      const authority = await neighbour.prepare(sink.url);
      const make = async (name: string, stringData: Record<string, string>) =>
        p.cluster.core.createNamespacedSecret({ namespace: loki, body: { metadata: { name }, stringData } });
      await make(secrets.login, { ...NeighbourAlertmanager.login, password: "wrong" });
      await make(secrets.ca, { "ca.crt": (await selfSigned("somebody.else")).certificate });

      await p.withSettings(at(url), async () => {
        await p.cluster.runShells(namespace, [{ name: "shop", script: "while true; do echo steady; sleep 1; done" }]);
        await waitFor("the alert", 180, async () =>
          (await ruleStates(p.loki)).some(({ name, state }) => name === rule.name && state === "firing")
            ? true
            : undefined,
        );
        assert.match(await trouble(url), /does not answer: .* has no ready pod/);
        await waitFor("the ruler's vain try", 240, async () => {
          const { findings } = await doctor.look(at(url));
          assert.deepEqual(causesIn(findings), ["alerting/alertmanager"]);
          return findings.some(({ check, followsFrom }) => check === "alerts" && followsFrom?.check === "alertmanager")
            ? true
            : undefined;
        });

        await neighbour.start();
        assert.match(await trouble(url), /shows a certificate that Loki does not trust: \S/);
        await put(secrets.ca, { "ca.crt": authority });
        assert.match(await trouble(url), /refuses Loki's login: GET \/api\/v2\/status: 401/);
        assert.deepEqual(await sink.received(), [], "nothing got through");

        await put(secrets.login, NeighbourAlertmanager.login);
        assert.equal(await trouble(url), "");
        await p.cluster.restart(p.lokiTargets.at(-1)!);
        await waitFor("the notification", 300, async () =>
          (await sink.toldOf(rule.name, "firing")).length > 0 ? true : undefined,
        );
      });
    },
  );

  full("a unit test holds the judgement", "is told from a redirect and from a web page", async () => {
    const page = `http://sink.${namespace}.svc:${Sink.port}`;
    assert.match(await trouble(`${page}/cgi-bin/redirect`), /a redirect to https:\/\/alerts\.example\.com\//);
    assert.match(await trouble(`${page}/cgi-bin/sink`), /is no Alertmanager/);
  });
});
