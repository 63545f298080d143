import { label, mistyped, notGroup, wrong, type BadConfig } from "./rows";

const pair = "must be a label, written name=value";
const address = "must be an http(s):// address without ?, # and a slash at the end";

export const monitoring: BadConfig[] = [
  ...notGroup("monitoring", true),
  mistyped("monitoring.namespace", ["a"], "monitoring.namespaces"),
  ...wrong("monitoring.namespaces", "must be a list of namespaces", '["monitoring"]', "monitoring"),
  ...wrong("monitoring.namespaces[0]", label, "monitoring", "Monitoring"),
  ...wrong("monitoring.serviceMonitors", "must be one of auto, on, off", "auto", true, "yes"),
  ...wrong(
    "monitoring.labels",
    "must be a list of labels, each written name=value",
    '["release=kube-prometheus-stack"]',
    { release: "kube-prometheus-stack" },
  ),
  ...wrong("monitoring.labels[0]", pair, "release=kube-prometheus-stack", "release", "a b=c", "-a=b", "a=b=c", "a=-b"),
  ...wrong(
    "monitoring.runbookUrl",
    address,
    "https://git.example.com/platform/logharbor/blob/main/docs/runbooks",
    "docs/runbooks",
    "https://example.com/",
    "https://example.com/a#b",
  ),
  [
    { monitoring: { serviceMonitors: "on" } },
    "monitoring.serviceMonitors",
    "is on, but monitoring.namespaces is empty: no Prometheus could reach what they name",
    "name the namespace of your Prometheus in monitoring.namespaces, or leave this out",
  ],
  ...wrong(
    "monitoring.prometheusUrl",
    "must be an http(s):// address without a login or a query",
    "http://prometheus-operated.monitoring.svc:9090",
    "prometheus:9090",
    "http://a:b@prometheus",
  ),
  [
    { monitoring: { prometheusUrl: "http://prometheus:9090" } },
    "monitoring.prometheusUrl",
    "is set, but monitoring.namespaces is empty: no Prometheus could have the platform's metrics",
    "name the namespace of your Prometheus in monitoring.namespaces, or leave this out",
  ],
  [
    { monitoring: { namespaces: ["a"], prometheusUrl: "http://prometheus:9090" }, grafana: { enabled: false } },
    "monitoring.prometheusUrl",
    "is set, but the stack has no Grafana",
    "set grafana.enabled, or leave this out",
  ],
  ...notGroup("canary", true),
  mistyped("canary.enable", true, "canary.enabled"),
  ...wrong("canary.enabled", "must be true or false", "true", "yes", 1),
  [
    { canary: { enabled: true }, alloy: { excludeNamespaces: ["logharbor-alloy"] } },
    "canary.enabled",
    "is true, but alloy.excludeNamespaces leaves out logharbor-alloy, where the canary writes: it would miss every line",
    "take logharbor-alloy out of alloy.excludeNamespaces, or set canary.enabled to false",
  ],
  [{ monitoring: { labels: ["a=b", "c=", "a=d"] } }, "monitoring.labels", "holds a twice", "write each label once"],
];
