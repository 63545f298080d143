import { linesOf, podsOf, series, type Alert, type Watched } from "./alert";

/*
 * Names of series as /minio/v2/metrics/cluster has them. Each server answers for all of them, so the same value comes
 * once for each server that is scraped: hence `max` and `min`.
 */

/** The alerts of MinIO. */
export function minioAlerts({ namespaces, tiered }: Watched): Alert[] {
  const minio = (...matchers: string[]) => series(namespaces.minio, ...matchers);
  const free = `minio_cluster_capacity_usable_free_bytes${minio()}`;
  const lines = (filter: string) => linesOf(namespaces.minio, "minio", filter);
  const alert = (one: Omit<Alert, "page">): Alert => ({ page: "minio", ...one });
  return [
    alert({
      name: "LogharborMinioDown",
      expr: `absent(up${minio(podsOf("minio"))} == 1)`,
      for: "3m",
      severity: "critical",
      summary: "No server of MinIO answers, or Prometheus cannot reach any.",
      description: `No pod of MinIO in ${namespaces.minio} answers a scrape: Loki keeps new lines on its own volumes.`,
    }),
    alert({
      name: "LogharborMinioUnhealthy",
      // A server that has just started sees no other: the cluster is well if any server says so.
      expr: `max by (namespace) (minio_cluster_health_status${minio()}) == 0`,
      for: "2m",
      severity: "critical",
      summary: "MinIO has lost its write quorum.",
      description: "MinIO in {{ $labels.namespace }} has too few drives online to write.",
    }),
    alert({
      name: "LogharborMinioServerOffline",
      expr: `max by (namespace) (minio_cluster_nodes_offline_total${minio()}) > 0`,
      for: "5m",
      severity: "warning",
      summary: "A server of MinIO is offline.",
      description: "{{ $value }} servers of MinIO are offline.",
      logs: { expr: lines('|~ "Marking .+ offline temporarily"'), threshold: 0, for: "5m" },
    }),
    alert({
      name: "LogharborMinioDriveOffline",
      expr: `max by (namespace) (minio_cluster_drive_offline_total${minio()}) > 0`,
      for: "5m",
      severity: "warning",
      summary: "A drive of MinIO is offline.",
      description: "{{ $value }} drives of MinIO are offline.",
      logs: { expr: lines('|~ "taking drive .+ offline"'), threshold: 0 },
    }),
    alert({
      name: "LogharborMinioHealNeeded",
      expr:
        `max by (namespace) (minio_cluster_health_erasure_set_healing_drives${minio()}) > 0 or ` +
        `max by (namespace) (increase(minio_heal_objects_errors_total${minio()}[1h])) > 0`,
      for: "6h",
      severity: "warning",
      summary: "A drive of MinIO has been healing for hours, or healing fails.",
      description: "MinIO in {{ $labels.namespace }} does not finish healing.",
      logs: { expr: lines('|~ "Healing of drive .+ is incomplete"'), threshold: 0 },
    }),
    alert({
      name: "LogharborMinioCapacity",
      expr:
        `min by (namespace) (predict_linear(${free}[6h], 4 * 86400)) < 0 or ` +
        `min by (namespace) (${free} / minio_cluster_capacity_usable_total_bytes${minio()}) < 0.05`,
      for: "1h",
      severity: "warning",
      summary: "MinIO will be full within four days.",
      description: "At the rate of the last six hours, MinIO in {{ $labels.namespace }} is full within four days.",
    }),
    ...(tiered
      ? [
          alert({
            name: "LogharborColdTierFailing",
            // MinIO counts requests to a tier only if it has an audit target; the stack's has none. What the tier does
            // not take stays pending.
            expr: `max by (namespace, server) (min_over_time(minio_node_ilm_transition_pending_tasks${minio()}[1h])) > 0`,
            for: "6h",
            severity: "warning",
            summary: "MinIO does not move chunks to the cold tier.",
            description: "{{ $value }} chunks have been waiting for the cold tier for hours.",
            logs: { expr: lines('|~ "Transition to .+ failed for "'), threshold: 0, for: "10m" },
          }),
        ]
      : []),
  ];
}
