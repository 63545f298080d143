import { z } from "zod";

import { resources } from "./groups";
import {
  bytes,
  choice,
  decimal,
  dnsLabel,
  duration,
  flag,
  hostPort,
  httpUrl,
  labels,
  list,
  tenantName,
  text,
  whole,
} from "./kinds";

/*
 * The settings of alerts: the rules, and where their notifications go.
 */

/** Text of one line, without spaces at its ends. */
const line = (what: string) => text(/^\S(.*\S)?$/u, `${what} of one line`);

/** An alert that a query raises. */
const alertRule = z.strictObject({
  name: line("a name")({ about: "Name of the alert.", example: "HighErrorRate" }),
  expr: text(
    /\S/,
    "a LogQL query",
  )({
    about: "LogQL query that yields numbers, one for each group. Line breaks are allowed.",
    example: 'sum by (namespace) (rate({namespace=~".+"} |~ "error" [1m]))',
  }),
  threshold: decimal({ about: "The alert is raised while a number is above this.", example: 10 }),
  for: duration({
    about: "How long it must be above before the alert fires; unset: not at all.",
    example: "5m",
  }).optional(),
  severity: choice(["critical", "warning", "info"], { about: "Label severity, by which receivers choose." }),
  summary: line("a text")({
    about:
      "What happens, in one line. `{{ $labels.namespace }}` and `{{ $value }}` stand for the group and its number.",
    example: "{{ $labels.namespace }} logs {{ $value }} errors per second",
  }).optional(),
  runbook: line("an address")({
    about: "Where to read what to do.",
    example: "https://wiki.example.com/high-error-rate",
  }).optional(),
  labels: labels({ about: "Further labels of the alert.", example: { team: "shop" } }).optional(),
  tenant: tenantName({ about: "Tenant whose logs are queried; unset: the stack's own.", example: "team-a" }).optional(),
});

/** Somebody that the stack's own Alertmanager notifies. */
const receiver = z.strictObject({
  name: dnsLabel({ about: "Name of the receiver.", example: "on-call" }),
  type: choice(["webhook", "slack", "email", "pagerduty"], { about: "How to notify." }),
  secret: dnsLabel({
    about:
      "Secret in Loki's namespace. You create it, with the key url (webhook, slack), routing-key (pagerduty) or password (email).",
    example: "on-call-webhook",
  }).optional(),
  severities: list(choice(["critical", "warning", "info"], { about: "A severity." }), "severities", {
    about: "Severities that it is notified of; unset: all.",
    example: ["critical"],
  }).optional(),
  channel: line("a channel")({ about: "Channel, for slack.", example: "#alerts" }).optional(),
  to: line("an address")({ about: "Address that gets the mail, for email.", example: "ops@example.com" }).optional(),
  from: line("an address")({ about: "Sender, for email.", example: "alerts@example.com" }).optional(),
  smarthost: hostPort({ about: "Mail server, for email.", example: "smtp.example.com:587" }).optional(),
  username: line("a name")({
    about: "Login at the mail server, for email; unset: none.",
    example: "alerts",
  }).optional(),
});

const login = (where: string, namespaces: string) =>
  dnsLabel({
    about: `Secret with the keys username and password, the login at ${where}. You create it in ${namespaces}.`,
    example: "alertmanager-login",
  }).optional();

export const alerts = z.strictObject({
  storage: choice(["stack", "bucket"], {
    both: "stack",
    about:
      "Where Loki's ruler finds its rules: in this stack's settings, or in the ruler's bucket, for rules that you make " +
      "through Loki's API. Loki reads one place only.",
  }),
  rules: list(alertRule, "rules", {
    both: [
      {
        name: "HighErrorRate",
        expr: 'sum by (namespace) (rate({namespace=~".+"} |~ "error" [1m]))',
        threshold: 10,
        for: "5m",
        severity: "critical",
        summary: "{{ $labels.namespace }} logs more than 10 errors per second",
      },
    ],
    about:
      "Alerts that Loki evaluates. A rule leaves out the logs of the platform itself, unless its selector names one of " +
      "the platform's namespaces.",
  }),
  files: list(line("a path")({ about: "A file.", example: "alerts/shop.yaml" }), "paths", {
    both: [],
    about:
      "Files with further rules in Prometheus' format, LogQL in place of PromQL. A relative path starts in the " +
      "folder where the command runs.",
    example: ["alerts/shop.yaml"],
  }),
  platform: flag({
    both: true,
    about: "Alerts about the platform itself, which Loki raises from the platform's own logs: docs/monitoring.md.",
  }),
  intervalSeconds: whole({ min: 5, max: 3600, both: 60, about: "Seconds between two evaluations of a rule." }),
  grafanaRules: list(alertRule, "rules", {
    both: [
      {
        name: "ProductionErrors",
        expr: 'sum(count_over_time({namespace="production"} |~ "error|exception|fatal" [5m]))',
        threshold: 10,
        severity: "warning",
        summary: "namespace production logged more than 10 errors in 5 minutes",
      },
    ],
    about: "Alerts that Grafana evaluates, at most 20. It shows them beside those of Loki.",
  }).max(20, { error: "must hold at most 20 rules" }),
  alertmanager: choice(["none", "own", "existing"], {
    both: "none",
    about:
      "Who notifies people: nobody (alerts are only visible in Grafana and by `npm run alerts`), an Alertmanager of this " +
      "stack, or one that exists.",
  }),
  own: z.strictObject({
    instances: whole({
      min: 1,
      max: 9,
      dev: 1,
      prod: 3,
      about: "Number of Alertmanagers, which share what they know.",
    }),
    volumeSize: bytes({ both: "1Gi", about: "Size of the volume of each, for silences and for what was sent." }),
    resources: resources({ both: { cpuRequest: "10m", memoryRequest: "64Mi", memoryLimit: "256Mi" } }),
    receivers: list(receiver, "receivers", {
      both: [],
      about: "Who is notified.",
      example: [{ name: "on-call", type: "webhook", secret: "on-call-webhook" }],
    }),
    receiverPorts: list(whole({ min: 1, max: 65535, about: "A port.", example: 443 }), "ports", {
      both: [443, 587],
      about: "Ports that the network policies let the Alertmanager reach at any address, for its receivers.",
    }),
  }),
  existing: z.strictObject({
    urls: list(httpUrl({ about: "An address.", example: "http://alertmanager.monitoring.svc:9093" }), "addresses", {
      both: [],
      about: "Addresses of the Alertmanager that exists. With several replicas, name each: every alert goes to all.",
      example: ["http://alertmanager.monitoring.svc:9093"],
    }),
    login: login("the Alertmanager", "the namespaces of Loki and of Grafana"),
    ca: dnsLabel({
      about: "Secret in Loki's namespace with the key ca.crt, which signed its certificate; unset: public authorities.",
      example: "alertmanager-ca",
    }).optional(),
  }),
  recording: z.strictObject({
    url: httpUrl({
      about: "Address for remote write, to which Loki sends what recording rules (alerts.files) compute.",
      example: "http://prometheus.monitoring.svc:9090/api/v1/write",
    }).optional(),
    login: login("that address", "Loki's namespace"),
  }),
});

/** An alert that a query raises. */
export type AlertRule = z.output<typeof alertRule>;
/** Somebody that the stack's own Alertmanager notifies. */
export type Receiver = z.output<typeof receiver>;
