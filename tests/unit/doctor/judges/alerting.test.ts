import assert from "node:assert/strict";
import type { AlertmanagerState, Facts } from "../../../../doctor/facts";
import { judge } from "../../../../doctor/judge";
import type { RuleState } from "../../../../logs/alerts";
import { judgesEach, withHome } from "../../../support/faultFacts";
import { at, healthyFacts, watched } from "../../../support/healthyFacts";
import { someReceiver } from "../../../support/stack";

const url = "https://alertmanager.monitoring.svc:9093";
const withRule = (rule: Partial<RuleState>) => (facts: Facts) => ({
  ...facts,
  rules: new Map([...facts.rules].map(([tenant, [first, ...more]]) => [tenant, [{ ...first!, ...rule }, ...more]])),
});
const answering =
  (state: Partial<AlertmanagerState>) =>
  (facts: Facts): Facts => ({ ...facts, alertmanagers: [{ url, ...state }] });
const status = (code: number, body = "", location?: string) => answering({ answer: { status: code, body, location } });
const sent = (errors: string, ago: number) => (facts: Facts) => ({
  ...withHome("loki", () => ({
    logs: new Map([
      [
        "loki-0/loki",
        `level=error ts=${new Date(at.getTime() - ago).toISOString()} caller=notifier.go msg="Error sending alerts" err="401"`,
      ],
    ]),
  }))(facts),
  lokis: [
    ...facts.lokis,
    { pod: "loki-1", metrics: watched(`loki_prometheus_notifications_errors_total{alertmanager="${url}"} ${errors}`) },
  ],
});

describe("doctor's judgement of alerts and of Grafana", () => {
  judgesEach([
    [
      "a rule that fails",
      withRule({ health: "err", lastError: "context deadline exceeded" }),
      "loki",
      "ruler",
      "error",
      /can't evaluate rule HighErrorRate/,
    ],
    [
      "a rule that takes too long",
      withRule({ tookSeconds: 90, intervalSeconds: 60 }),
      "loki",
      "ruler",
      "warning",
      /HighErrorRate: an evaluation takes longer/,
    ],
    [
      "rules that no ruler has",
      (facts) => ({ ...facts, rules: new Map([[facts.settings.tenant, []]]) }),
      "loki",
      "ruler",
      "warning",
      /lacks HighErrorRate/,
    ],
    [
      "an Alertmanager that is away",
      answering({ silent: "nothing listens on its port" }),
      "alerting",
      "alertmanager",
      "error",
      /does not answer/,
    ],
    ["a login that it refuses", status(401, "Unauthorized"), "alerting", "alertmanager", "error", /asks for a login/],
    [
      "a redirect",
      status(301, "", "https://alerts.example.com/"),
      "alerting",
      "alertmanager",
      "error",
      /a redirect to https:\/\/alerts\.example\.com\//,
    ],
    ["a web page", status(200, "<html>"), "alerting", "alertmanager", "error", /is no Alertmanager/],
    ["an old version", status(404, "not found"), "alerting", "alertmanager", "error", /answers 404/],
    [
      "a certificate of somebody else",
      answering({ distrust: "unable to verify the first certificate" }),
      "alerting",
      "alertmanager",
      "error",
      /a certificate that Loki does not trust/,
    ],
    ["alerts that are not sent", sent("3", 60_000), "alerting", "alerts", "error", /can't send alerts/],
    ["alerts that were not sent once", sent("3", 400_000), "alerting", "alerts", "note", /once could not send/],
    [
      "a Grafana without its database",
      (facts) => ({
        ...facts,
        grafanas: [{ pod: "grafana-0", health: { status: 503, body: '{"database": "failing"}' } }],
      }),
      "grafana",
      "grafana",
      "error",
      /is not healthy/,
    ],
    [
      "a Grafana that does not answer",
      (facts) => ({ ...facts, grafanas: [{ pod: "grafana-0", silent: "nothing listens on its port" }] }),
      "grafana",
      "grafana",
      "error",
      /does not answer/,
    ],
  ]);

  it("names a ruler without Alertmanager, though the settings name one", () => {
    const facts = healthyFacts({ alerts: { alertmanager: "existing", existing: { urls: [url] } } });
    const knowing = (count: number): Facts => ({
      ...facts,
      lokis: [
        ...facts.lokis,
        {
          pod: "loki-1",
          metrics: watched(`loki_prometheus_notifications_alertmanagers_discovered{user="a"} ${count}`),
        },
      ],
    });
    assert.match(judge(knowing(0))[0]!.problem, /has no Alertmanager/);
    assert.deepEqual(judge(knowing(1)), []);
  });

  it("takes an Alertmanager's status for one", () => {
    assert.deepEqual(judge(status(200, '{"cluster":{},"versionInfo":{"version":"0.35.0"}}')(healthyFacts())), []);
  });

  it("names the Alertmanager first, and what the ruler suffers from it behind", () => {
    const found = judge(sent("3", 60_000)(answering({ silent: "no answer" })(healthyFacts())));
    assert.deepEqual(
      found.map(({ check, followsFrom }) => [check, followsFrom?.check]),
      [
        ["alertmanager", undefined],
        ["alerts", "alertmanager"],
      ],
    );
  });

  it("does not take the stack's own Alertmanager for Loki", () => {
    const overrides = { alerts: { alertmanager: "own", own: { receivers: [someReceiver] } } };
    const facts = healthyFacts(overrides);
    const scaled = withHome("loki", ({ statefulSets }) => ({
      statefulSets: statefulSets!.map((set) =>
        set.metadata?.name === "alertmanager" ? { ...set, spec: { ...set.spec!, replicas: 0 } } : set,
      ),
    }))(facts);
    const [first] = judge(scaled);
    assert.deepEqual([first?.part, first?.check], ["alerting", "workload"]);
  });
});
