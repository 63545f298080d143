import { canaryName } from "../../domain/names";
import { linesOf, podsOf, series, type Alert, type Watched } from "./alert";

/*
 * Names of series, and texts of the canary, as Loki 3.7 has them: pkg/canary/comparator in its source.
 */

/** The alerts of the canary, whose lines take the way of every pod's. */
export function canaryAlerts({ namespaces }: Watched): Alert[] {
  const grown = (metric: string, range: string) =>
    `sum by (namespace, pod) (increase(loki_canary_${metric}_total${series(namespaces.alloy, podsOf(canaryName))}[${range}]))`;
  const lines = (text: string) => linesOf(namespaces.alloy, canaryName, `|~ "^${text}"`);
  const alert = (one: Omit<Alert, "page">): Alert => ({ page: "canary", ...one });
  return [
    alert({
      name: "LogharborCanaryMissing",
      expr: `${grown("missing_entries", "15m")} > 0`,
      severity: "critical",
      summary: "Lines of a node are lost on their way, or come back altered.",
      description: 'Of the lines of pod {{ $labels.pod }}, {{ printf "%.0f" $value }} never came back from Loki.',
      logs: { expr: lines("failed to receive entry"), threshold: 0 },
    }),
    alert({
      name: "LogharborCanaryGone",
      expr: `${grown("spot_check_missing_entries", "1h")} > 0`,
      severity: "critical",
      summary: "A line of the last half day is no longer in Loki.",
      description: 'Loki did not find a line of pod {{ $labels.pod }} in {{ printf "%.0f" $value }} looks.',
      logs: { expr: lines("failed to find entry"), threshold: 0 },
    }),
    alert({
      name: "LogharborCanaryLate",
      expr: `${grown("websocket_missing_entries", "15m")} / ${grown("entries", "15m")} > 0.5`,
      for: "5m",
      severity: "warning",
      summary: "Lines of a node take more than a minute until they can be read.",
      description: "{{ $value | humanizePercentage }} of the lines of pod {{ $labels.pod }} came late.",
      // Half of the lines that it writes in the ten minutes of a look.
      logs: { expr: lines("websocket failed to receive entry"), threshold: 30, for: "5m" },
    }),
  ];
}
