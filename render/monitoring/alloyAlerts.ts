import { linesOf, podsOf, series, type Alert, type Watched } from "./alert";

/*
 * Names of series as Alloy 1.18 has them.
 */

/** The alerts of Alloy, which runs on every node. */
export function alloyAlerts({ namespaces, source }: Watched): Alert[] {
  const alloy = (...matchers: string[]) => series(namespaces.alloy, ...matchers);
  const lines = (filter: string) => linesOf(namespaces.alloy, "alloy", filter);
  const alert = (one: Omit<Alert, "page">): Alert => ({ page: "alloy", ...one });
  return [
    alert({
      name: "LogharborAlloyDown",
      expr: `absent(up${alloy(podsOf("alloy"))} == 1)`,
      for: "5m",
      severity: "critical",
      summary: "No Alloy answers, or Prometheus cannot reach any.",
      description: `No pod of Alloy in ${namespaces.alloy} answers a scrape: no node's logs are collected.`,
    }),
    alert({
      name: "LogharborAlloyPodDown",
      expr: `up${alloy(podsOf("alloy"))} == 0`,
      for: "10m",
      severity: "critical",
      summary: "The Alloy of a node does not answer.",
      description: "Pod {{ $labels.pod }} has not answered for 10 minutes: nobody collects the logs of its node.",
    }),
    alert({
      name: "LogharborAlloyComponentUnhealthy",
      expr: `sum by (namespace, pod) (alloy_component_controller_running_components${alloy('health_type!="healthy"')}) > 0`,
      for: "10m",
      severity: "warning",
      summary: "A component of Alloy is not healthy.",
      description: "{{ $value }} components of pod {{ $labels.pod }} are not healthy.",
      logs: {
        expr: lines('|= "level=error" | logfmt msg | msg=~"failed to (evaluate config|tail file|run tailer).*"'),
        threshold: 0,
        for: "10m",
      },
    }),
    alert({
      name: "LogharborAlloyDroppedLines",
      expr: `sum by (namespace, pod, reason) (increase(loki_write_dropped_entries_total${alloy()}[10m])) > 0`,
      severity: "critical",
      summary: "Alloy dropped lines that Loki refused.",
      description: 'Pod {{ $labels.pod }} dropped {{ printf "%.0f" $value }} lines: {{ $labels.reason }}.',
      logs: { expr: lines('|= "level=error" |= "dropping data"'), threshold: 0 },
    }),
    alert({
      name: "LogharborAlloyRetrying",
      // Alloy logs a retry only at level debug.
      expr: `sum by (namespace, pod) (increase(loki_write_batch_retries_total${alloy()}[10m])) > 3`,
      for: "10m",
      severity: "warning",
      summary: "Alloy cannot send to Loki and tries again.",
      description: "Pod {{ $labels.pod }} has been trying again for 10 minutes; its lines wait on the node.",
    }),
    alert({
      name: "LogharborNodeSilent",
      // The reader of events sends nothing while nothing happens.
      expr: `sum by (namespace, pod) (rate(loki_write_sent_entries_total${alloy(podsOf("alloy"))}[15m])) == 0`,
      for: "30m",
      severity: "warning",
      summary: "A node sends nothing.",
      description: "Pod {{ $labels.pod }} has sent no line for 45 minutes.",
    }),
    ...(source === "files" ? [positionsStuck(alloy())] : []),
  ];
}

function positionsStuck(selector: string): Alert {
  const [size, read] = [`loki_source_file_file_bytes_total${selector}`, `loki_source_file_read_bytes_total${selector}`];
  return {
    name: "LogharborPositionsStuck",
    page: "alloy",
    expr: `sum by (namespace, pod) ((${size} - ${read} > 1e6) and delta(${read}[10m]) == 0) > 0`,
    for: "10m",
    severity: "warning",
    summary: "Alloy no longer reads a file that grows.",
    description: 'Pod {{ $labels.pod }} leaves {{ printf "%.0f" $value }} bytes unread.',
  };
}
