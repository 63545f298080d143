import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import type { Existing } from "./existing";

/** A database instead of Grafana's volume: Helm deletes the volume, with what people made in Grafana. */
export function removedGrafanaVolume(
  { grafanaVolume }: Existing,
  { grafana, namespaces }: Pick<Settings, "grafana" | "namespaces">,
): Danger[] {
  if (grafanaVolume !== "deletable" || !grafana.enabled || grafana.database === undefined) return [];
  return [
    {
      key: "grafana.database",
      problem:
        "is set, so Helm would delete Grafana's volume, with the dashboards, users and alerts that people made there",
      remedy: `let the volume stay: kubectl -n ${namespaces.grafana} annotate pvc grafana helm.sh/resource-policy=keep`,
      allow: "grafana-volume-removed",
    },
  ];
}
