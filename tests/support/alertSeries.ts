import { canaryName } from "../../domain/names";
import type { Watched } from "../../render/monitoring/alert";

/*
 * Series as Prometheus reads them from the parts, one sample a minute from time 0, in the notation of `promtool test
 * rules`. They are written by hand: they show that a rule says what it means, and do not prove that a part has these
 * series. tests/e2e/52-monitoring.test.ts and `npm run faults -- --alerts` do, on the real parts.
 */

/** Name and labels of a series, and its samples: `0+1x60` is 0, 1, ... 60. */
export type Series = Readonly<Record<string, string>>;

/** A fault as series tell it. */
export interface Told {
  /** What it changes among the healthy series. */
  series: Series;
  /** Until when the series stay healthy for all that the rules know, in minutes. */
  quietUntil: number;
  /** When its alert fires, in minutes. */
  firesAt: number;
}

const minutes = 15 * 60;
const constant = (value: number): string => `${value}x${minutes}`;
const rising = (step: number): string => `0+${step}x${minutes}`;
/** Unchanged for an hour, then rising each minute. */
const risingLater = (step: number): string => `0x60 ${step}+${step}x${minutes - 60}`;
/** One value for an hour, then another. */
const changing = (from: number, to: number): string => `${from}x60 ${to}x${minutes - 60}`;

/** Every series that an alert reads, of a stack that is well. */
export function healthySeries({ namespaces }: Pick<Watched, "namespaces">): Series {
  const names = seriesNames(namespaces);
  return {
    ...Object.fromEntries(Object.values(names.up).map((name) => [name, constant(1)])),
    [names.push]: rising(60),
    [names.pushErrors]: constant(0),
    [names.pushFast]: rising(60),
    [names.pushSlow]: rising(60),
    [names.pushAll]: rising(60),
    [names.queryFast]: rising(6),
    [names.queryAll]: rising(6),
    [names.panics]: constant(0),
    [names.compactor]: constant(1),
    [names.secondCompactor]: constant(0),
    [names.compacted]: rising(60),
    [names.discarded]: constant(3),
    [names.flushFailures]: constant(0),
    [names.walDisk]: constant(0.2),
    [names.walFull]: constant(0),
    [names.walCorrupt]: constant(0),
    [names.started]: constant(0),
    [names.ring]: constant(0),
    [names.cache]: rising(60),
    [names.cacheErrors]: constant(0),
    [names.ruleFailures]: constant(0),
    [names.rulesMissed]: constant(0),
    [names.alertErrors]: constant(0),
    [names.alertsDropped]: constant(0),
    [names.components]: constant(30),
    [names.componentsIll]: constant(0),
    [names.dropped]: constant(0),
    [names.retries]: constant(2),
    [names.sent]: rising(100),
    [names.fileSize]: `3000000+1000x${minutes}`,
    [names.fileRead]: `3000000+1000x${minutes}`,
    [names.minioHealth]: constant(1),
    [names.minioNodesOffline]: constant(0),
    [names.minioDrivesOffline]: constant(0),
    [names.minioHealing]: constant(0),
    [names.minioHealErrors]: constant(0),
    [names.minioFree]: constant(80e9),
    [names.minioTotal]: constant(100e9),
    [names.tierPending]: constant(0),
    [names.certificate]: constant(60 * 86400),
    [names.canaryWritten]: rising(6),
    [names.canaryLate]: constant(0),
    [names.canaryMissing]: constant(0),
    [names.canaryGone]: constant(0),
  };
}

/** How each alert's fault looks, by the name of the alert. The watchdog has none: it always fires. */
export function toldFaults({ namespaces }: Pick<Watched, "namespaces">): Record<string, Told> {
  const names = seriesNames(namespaces);
  const away = (name: string): Series => ({ [name]: changing(1, 0) });
  return {
    LogharborLokiDown: { series: away(names.up.loki), quietUntil: 60, firesAt: 65 },
    LogharborLokiPodDown: {
      series: { ...away(names.up.loki), [names.up.loki.replace("loki-0", "loki-1")]: constant(1) },
      quietUntil: 69,
      firesAt: 72,
    },
    LogharborLokiRequestErrors: { series: { [names.pushErrors]: risingLater(10) }, quietUntil: 69, firesAt: 76 },
    LogharborLokiRequestLatency: {
      series: { [names.pushFast]: `0+60x60 3600x${minutes - 60}` },
      quietUntil: 74,
      firesAt: 82,
    },
    LogharborLokiPanic: { series: { [names.panics]: changing(0, 1) }, quietUntil: 60, firesAt: 62 },
    LogharborCompactorNotRunning: { series: { [names.compactor]: changing(1, 0) }, quietUntil: 74, firesAt: 78 },
    LogharborCompactorTwice: { series: { [names.secondCompactor]: changing(0, 1) }, quietUntil: 69, firesAt: 73 },
    LogharborDiscardedLines: { series: { [names.discarded]: changing(3, 7) }, quietUntil: 60, firesAt: 62 },
    LogharborFlushFailures: { series: { [names.flushFailures]: risingLater(1) }, quietUntil: 69, firesAt: 75 },
    LogharborWalDiskFull: { series: { [names.walDisk]: changing(0.2, 0.85) }, quietUntil: 61, firesAt: 65 },
    LogharborWalCorrupt: {
      series: { [names.walCorrupt]: changing(0, 1), [names.started]: `0x60 3660x${minutes - 60}` },
      quietUntil: 60,
      firesAt: 62,
    },
    LogharborRingUnhealthy: { series: { [names.ring]: changing(0, 1) }, quietUntil: 69, firesAt: 73 },
    LogharborCacheDown: {
      series: { [names.cache]: `0+60x60 3600x${minutes - 60}`, [names.cacheErrors]: risingLater(60) },
      quietUntil: 69,
      firesAt: 78,
    },
    LogharborRulerFailing: { series: { [names.ruleFailures]: risingLater(1) }, quietUntil: 64, firesAt: 68 },
    LogharborAlertsNotSent: { series: { [names.alertErrors]: risingLater(1) }, quietUntil: 64, firesAt: 68 },
    LogharborAlloyDown: { series: { ...away(names.up.alloy) }, quietUntil: 60, firesAt: 67 },
    LogharborAlloyPodDown: {
      series: { ...away(names.up.alloy), [names.up.alloy.replace("alloy-a", "alloy-b")]: constant(1) },
      quietUntil: 69,
      firesAt: 72,
    },
    LogharborAlloyComponentUnhealthy: {
      series: { [names.componentsIll]: changing(0, 1) },
      quietUntil: 69,
      firesAt: 73,
    },
    LogharborAlloyDroppedLines: { series: { [names.dropped]: changing(0, 20) }, quietUntil: 60, firesAt: 62 },
    LogharborAlloyRetrying: { series: { [names.retries]: `2x60 3+1x${minutes - 60}` }, quietUntil: 69, firesAt: 80 },
    LogharborNodeSilent: { series: { [names.sent]: `0+100x60 6000x${minutes - 60}` }, quietUntil: 100, firesAt: 110 },
    LogharborPositionsStuck: {
      series: { [names.fileSize]: `3000000+60000x${minutes}`, [names.fileRead]: `3000000+60000x60 6600000x${minutes}` },
      quietUntil: 80,
      firesAt: 95,
    },
    LogharborCanaryMissing: { series: { [names.canaryMissing]: changing(0, 1) }, quietUntil: 60, firesAt: 62 },
    LogharborCanaryGone: { series: { [names.canaryGone]: changing(0, 1) }, quietUntil: 60, firesAt: 62 },
    LogharborCanaryLate: { series: { [names.canaryLate]: risingLater(6) }, quietUntil: 65, firesAt: 80 },
    LogharborMinioDown: { series: away(names.up.minio), quietUntil: 60, firesAt: 65 },
    LogharborMinioUnhealthy: { series: { [names.minioHealth]: changing(1, 0) }, quietUntil: 61, firesAt: 64 },
    LogharborMinioServerOffline: { series: { [names.minioNodesOffline]: changing(0, 1) }, quietUntil: 64, firesAt: 67 },
    LogharborMinioDriveOffline: { series: { [names.minioDrivesOffline]: changing(0, 1) }, quietUntil: 64, firesAt: 67 },
    LogharborMinioHealNeeded: { series: { [names.minioHealing]: changing(0, 1) }, quietUntil: 415, firesAt: 425 },
    LogharborMinioCapacity: {
      // 80 GB are gone in two and a half days.
      series: { [names.minioFree]: `80e9-22e6x${minutes}` },
      quietUntil: 59,
      firesAt: 70,
    },
    LogharborColdTierFailing: { series: { [names.tierPending]: changing(0, 5) }, quietUntil: 470, firesAt: 490 },
    LogharborGrafanaDown: { series: away(names.up.grafana), quietUntil: 60, firesAt: 67 },
    LogharborCertificateExpires: {
      series: { [names.certificate]: constant(13 * 86400) },
      quietUntil: 59,
      firesAt: 62,
    },
  };
}

function seriesNames({ loki, alloy, minio, grafana }: Watched["namespaces"]) {
  const ofLoki = (name: string, labels = "") => `${name}{namespace="${loki}",pod="loki-0"${labels}}`;
  const ofAlloy = (name: string, labels = "") => `${name}{namespace="${alloy}",pod="alloy-a"${labels}}`;
  const ofMinio = (name: string) => `${name}{namespace="${minio}",pod="minio-0",server="minio-0:9000"}`;
  const ofCanary = (name: string) => `loki_canary_${name}_total{namespace="${alloy}",pod="${canaryName}-a"}`;
  const push = ',route="loki_api_v1_push"';
  const query = ',route="loki_api_v1_query_range"';
  return {
    up: {
      loki: ofLoki("up"),
      alloy: ofAlloy("up"),
      minio: ofMinio("up"),
      grafana: `up{namespace="${grafana}",pod="grafana-0"}`,
    },
    push: ofLoki("loki_request_duration_seconds_count", `${push},status_code="204"`),
    pushErrors: ofLoki("loki_request_duration_seconds_count", `${push},status_code="500"`),
    pushFast: ofLoki("loki_request_duration_seconds_bucket", `${push},le="1"`),
    pushSlow: ofLoki("loki_request_duration_seconds_bucket", `${push},le="5"`),
    pushAll: ofLoki("loki_request_duration_seconds_bucket", `${push},le="+Inf"`),
    queryFast: ofLoki("loki_request_duration_seconds_bucket", `${query},le="10"`),
    queryAll: ofLoki("loki_request_duration_seconds_bucket", `${query},le="+Inf"`),
    panics: ofLoki("loki_panic_total"),
    compactor: ofLoki("loki_boltdb_shipper_compactor_running"),
    secondCompactor: `loki_boltdb_shipper_compactor_running{namespace="${loki}",pod="loki-1"}`,
    compacted: ofLoki("loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds"),
    discarded: ofLoki("loki_discarded_samples_total", ',tenant="logharbor",reason="rate_limited"'),
    flushFailures: ofLoki("loki_ingester_chunks_flush_failures_total"),
    walDisk: ofLoki("loki_ingester_wal_disk_usage_percent"),
    walFull: ofLoki("loki_ingester_wal_disk_full_failures_total"),
    walCorrupt: ofLoki("loki_ingester_wal_corruptions_total"),
    started: ofLoki("process_start_time_seconds"),
    ring: ofLoki("loki_ring_members", ',name="ingester",state="Unhealthy"'),
    cache: ofLoki("loki_memcache_request_duration_seconds_count", ',name="chunksmemcache",status_code="200"'),
    cacheErrors: ofLoki("loki_memcache_request_duration_seconds_count", ',name="chunksmemcache",status_code="500"'),
    ruleFailures: ofLoki("loki_prometheus_rule_evaluation_failures_total", ',user="logharbor"'),
    rulesMissed: ofLoki("loki_prometheus_rule_group_iterations_missed_total", ',user="logharbor"'),
    alertErrors: ofLoki("loki_prometheus_notifications_errors_total", ',alertmanager="http://a:9093"'),
    alertsDropped: ofLoki("loki_prometheus_notifications_dropped_total"),
    components: ofAlloy("alloy_component_controller_running_components", ',health_type="healthy"'),
    componentsIll: ofAlloy("alloy_component_controller_running_components", ',health_type="unhealthy"'),
    dropped: ofAlloy("loki_write_dropped_entries_total", ',reason="ingester_error"'),
    retries: ofAlloy("loki_write_batch_retries_total"),
    sent: ofAlloy("loki_write_sent_entries_total"),
    fileSize: ofAlloy("loki_source_file_file_bytes_total", ',path="/var/log/pods/a/0.log"'),
    fileRead: ofAlloy("loki_source_file_read_bytes_total", ',path="/var/log/pods/a/0.log"'),
    minioHealth: ofMinio("minio_cluster_health_status"),
    minioNodesOffline: ofMinio("minio_cluster_nodes_offline_total"),
    minioDrivesOffline: ofMinio("minio_cluster_drive_offline_total"),
    minioHealing: ofMinio("minio_cluster_health_erasure_set_healing_drives"),
    minioHealErrors: ofMinio("minio_heal_objects_errors_total"),
    minioFree: ofMinio("minio_cluster_capacity_usable_free_bytes"),
    minioTotal: ofMinio("minio_cluster_capacity_usable_total_bytes"),
    tierPending: ofMinio("minio_node_ilm_transition_pending_tasks"),
    certificate: `certmanager_certificate_expiration_timestamp_seconds{name="logharbor",namespace="${minio}"}`,
    canaryWritten: ofCanary("entries"),
    canaryLate: ofCanary("websocket_missing_entries"),
    canaryMissing: ofCanary("missing_entries"),
    canaryGone: ofCanary("spot_check_missing_entries"),
  };
}
