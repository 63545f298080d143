import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses what nobody could use: monitors, labels, a dashboard without metrics, a canary that nobody hears. */
export const monitoringRules: readonly Rule[] = [
  { reads: ["monitoring.namespaces", "monitoring.serviceMonitors"], judge: unread },
  { reads: ["monitoring.labels"], judge: labelledTwice },
  { reads: ["monitoring.prometheusUrl", "monitoring.namespaces", "grafana.enabled"], judge: unshown },
  { reads: ["canary.enabled", "alloy.excludeNamespaces", "namespaces"], judge: unheard },
];

function unread({ monitoring: { namespaces, serviceMonitors } }: Settings): SettingProblem[] {
  if (serviceMonitors !== "on" || namespaces.length > 0) return [];
  return [
    {
      key: "monitoring.serviceMonitors",
      problem: "is on, but monitoring.namespaces is empty: no Prometheus could reach what they name",
      remedy: "name the namespace of your Prometheus in monitoring.namespaces, or leave this out",
    },
  ];
}

function labelledTwice({ monitoring: { labels } }: Settings): SettingProblem[] {
  const names = labels.map((label) => label.slice(0, label.indexOf("=")));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => ({
    key: "monitoring.labels",
    problem: `holds ${name} twice`,
    remedy: "write each label once",
  }));
}

/** A dashboard that nobody sees, or that would stay empty. */
function unshown({ grafana, monitoring: { namespaces, prometheusUrl } }: Settings): SettingProblem[] {
  if (prometheusUrl === undefined) return [];
  const key = "monitoring.prometheusUrl";
  return [
    ...(namespaces.length > 0
      ? []
      : [
          {
            key,
            problem: "is set, but monitoring.namespaces is empty: no Prometheus could have the platform's metrics",
            remedy: "name the namespace of your Prometheus in monitoring.namespaces, or leave this out",
          },
        ]),
    ...(grafana.enabled
      ? []
      : [{ key, problem: "is set, but the stack has no Grafana", remedy: "set grafana.enabled, or leave this out" }]),
  ];
}

/** The canary writes in Alloy's namespace. */
function unheard({ alloy, canary, namespaces }: Settings): SettingProblem[] {
  if (!canary.enabled || !alloy.excludeNamespaces.includes(namespaces.alloy)) return [];
  return [
    {
      key: "canary.enabled",
      problem: `is true, but alloy.excludeNamespaces leaves out ${namespaces.alloy}, where the canary writes: it would miss every line`,
      remedy: `take ${namespaces.alloy} out of alloy.excludeNamespaces, or set canary.enabled to false`,
    },
  ];
}
