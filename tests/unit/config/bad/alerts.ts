import { join } from "node:path";

import { defaultsFor } from "../../../../config/defaults";
import { label, whole, wrong, type BadConfig } from "./rows";

const rule = { name: "A", expr: 'sum(rate({app="shop"}[1m]))', threshold: 1, severity: "info" };
const rules = (...changes: object[]) => ({ alerts: { rules: changes.map((change) => ({ ...rule, ...change })) } });
const sample = join(__dirname, "samples");
const hook = { name: "hook", type: "webhook", secret: "hook" };
const own = (...receivers: object[]) => ({ alerts: { alertmanager: "own", own: { receivers } } });
const file = (name: string, more: object = {}) => ({ alerts: { files: [join(sample, name)], ...more } });
const inFile = (name: string, problem: string) => `(${join(sample, name)}) ${problem}`;
const format = "write it as Prometheus' rule files, for example groups: [{name: shop, rules: [{alert: …, expr: …}]}]";
const itself = 'leave that namespace out, or add | logfmt | level="error" behind the selector';

export const alerts: BadConfig[] = [
  ...wrong("alerts.alertmanager", "must be one of none, own, existing", "none", "prometheus"),
  ...wrong("alerts.storage", "must be one of stack, bucket", "stack", "configmap"),
  ...wrong("alerts.intervalSeconds", whole(5, 3600), "60", 1, "1m"),
  ...wrong("alerts.own.instances", whole(1, 9), "3", 0),
  ...wrong(
    "alerts.existing.urls[0]",
    "must be an http(s):// address without a login or a query",
    "http://alertmanager.monitoring.svc:9093",
    "alertmanager:9093",
    "http://me:secret@alertmanager:9093",
  ),
  ...wrong("alerts.existing.login", label, "alertmanager-login", "My Secret"),
  [
    rules({ severity: "high" }),
    "alerts.rules[0].severity",
    "must be one of critical, warning, info",
    "write for example critical",
  ],
  [rules({ threshold: "10" }), "alerts.rules[0].threshold", "must be a number", "write for example 10"],
  [
    rules({ for: "5 min" }),
    "alerts.rules[0].for",
    "must be a duration such as 30s, 5m or 1h30m",
    "write for example 5m",
  ],
  [rules({ name: "a\nb" }), "alerts.rules[0].name", "must be a name of one line", "write for example HighErrorRate"],
  [
    rules({ labels: { "my-team": "x" } }),
    "alerts.rules[0].labels.my-team",
    "must hold label names (letters, digits, _), each with a text",
    'write for example {"team":"shop"}',
  ],
  [
    rules({ expr: 'rate({app="shop"} [5m' }),
    "alerts.rules[0].expr",
    'is not LogQL: rate({app="shop"} [5m ends too early, line 1, column 22',
    "check brackets and quotes there; Grafana's Explore shows whether a query works",
  ],
  [
    rules({ expr: 'sum(\nrate({app="shop"} |== "x" [5m]))' }),
    "alerts.rules[0].expr",
    'is not LogQL: sum(… has an unexpected "=", line 2, column 21',
    "check brackets and quotes there; Grafana's Explore shows whether a query works",
  ],
  [
    rules({ expr: '{app="shop"} |= "error"' }),
    "alerts.rules[0].expr",
    'is {app="shop"} |= "error", which yields lines, not numbers',
    'count them, for example sum(count_over_time({app="shop"} |= "error" [5m]))',
  ],
  [
    rules({ expr: 'sum(rate({namespace="logharbor-loki"} |= "error" [1m]))' }),
    "alerts.rules[0].expr",
    'is sum(rate({namespace="logharbor-loki"} |= "error" [1m])), which finds its own text: Loki logs each query in ' +
      "namespace logharbor-loki",
    itself,
  ],
  [
    rules({ summary: "{{ $value" }),
    "alerts.rules[0].summary",
    "has a {{ without its }}",
    "write {{ $labels.NAME }} or {{ $value }}",
  ],
  [
    rules({ tenant: "team-b" }),
    "alerts.rules[0].tenant",
    "is team-b, which is not a tenant of this stack",
    "write one of logharbor, or add it to gateway.tenants",
  ],
  [rules({}, {}), "alerts.rules[1].name", "is A, like that of alerts.rules[0]", "give each alert a name of its own"],
  [
    { alerts: { storage: "bucket" } },
    "alerts.rules",
    "is not empty, but alerts.storage is bucket: Loki reads its rules from one place only",
    "write [], or set alerts.storage to stack",
  ],
  [
    { alerts: { alertmanager: "existing" } },
    "alerts.existing.urls",
    "is empty, but alerts.alertmanager is existing",
    "write for example [http://alertmanager.monitoring.svc:9093]",
  ],
  [
    { alerts: { existing: { urls: ["http://a:9093"] } } },
    "alerts.existing.urls",
    "names an Alertmanager, but alerts.alertmanager is none",
    "set alerts.alertmanager to existing, or leave it out",
  ],
  [
    { alerts: { alertmanager: "existing", existing: { urls: ["http://a:9093"], ca: "authority" } } },
    "alerts.existing.ca",
    "is set, but no address begins with https://",
    "leave it out, or write https:// in alerts.existing.urls",
  ],
  [
    { alerts: { alertmanager: "own" } },
    "alerts.own.receivers",
    "is empty, so the Alertmanager would notify nobody",
    "name at least one receiver, or set alerts.alertmanager to none",
  ],
  [
    { alerts: { own: { receivers: [hook] } } },
    "alerts.own.receivers",
    "names receivers, but alerts.alertmanager is none",
    "set alerts.alertmanager to own, or leave them out",
  ],
  [own({ ...hook, secret: undefined }), "alerts.own.receivers[0].secret", "is not set", "type webhook needs it"],
  [
    own({ ...hook, channel: "#a" }),
    "alerts.own.receivers[0].channel",
    "is set, but type webhook does not use it",
    "leave it out",
  ],
  [
    own({ name: "mail", type: "email", to: "a@example.com", from: "b@example.com", smarthost: "m:25", username: "b" }),
    "alerts.own.receivers[0].secret",
    "is not set, but a login needs both username and secret",
    "set both, or neither",
  ],
  [own(hook, hook), "alerts.own.receivers[1].name", "is hook again", "give each receiver a name of its own"],
  [
    file("absent.yaml"),
    "alerts.files[0]",
    inFile("absent.yaml", `can't be read (ENOENT: no such file or directory, open '${join(sample, "absent.yaml")}')`),
    "check the path and its rights",
  ],
  [
    file("not-yaml.yaml"),
    "alerts.files[0]",
    inFile(
      "not-yaml.yaml",
      "is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 4, column 1:",
    ),
    format,
  ],
  [
    file("misspelt.yaml"),
    "alerts.files[0]",
    inFile("misspelt.yaml", 'is wrong at groups.0.rules.0: Unrecognized key: "summary"'),
    format,
  ],
  [
    file("recording.yaml"),
    "alerts.files[0]",
    inFile("recording.yaml", "records shop:lines:rate1m, but nobody receives it"),
    "set alerts.recording.url to a Prometheus that takes remote write",
  ],
  [
    file("recording.yaml", {
      recording: { url: "http://prometheus.monitoring.svc:9090/api/v1/write" },
      rules: [{ ...rule, name: "NoLines" }],
    }),
    "alerts.files[0]",
    inFile("recording.yaml", "has a second alert NoLines"),
    "give each alert a name of its own",
  ],
  [
    file("lines.yaml"),
    "alerts.files[0]",
    inFile("lines.yaml", 'has Lines in group lines, whose query is {app="shop"}, which yields lines, not numbers'),
    'count them, for example sum(count_over_time({app="shop"} [5m]))',
  ],
  [
    rules({ labels: { team: "x".repeat(600_000) } }),
    "alerts.rules",
    "hold 1 rules of 600111 bytes together, more than the 500000 that a ConfigMap can hold",
    "let one query watch many groups (sum by), or set alerts.storage to bucket and use Loki's API",
  ],
  [
    { alerts: { grafanaRules: Array.from({ length: 21 }, (_, index) => ({ ...rule, name: `A${index}` })) } },
    "alerts.grafanaRules",
    "must hold at most 20 rules",
    `write for example ${JSON.stringify((defaultsFor("dev") as { alerts: { grafanaRules: unknown } }).alerts.grafanaRules)}`,
  ],
];
