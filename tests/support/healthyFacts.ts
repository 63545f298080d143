import type { V1Pod } from "@kubernetes/client-node";
import type { Facts, Home } from "../../doctor/facts";
import { parseMetrics } from "../../doctor/metrics";
import { usedParts, type Part } from "../../domain/parts";
import { networkPolicies } from "../../render/networkPolicies";
import { objectsOf, type Kind } from "../../render/objects";
import { settingsFor, type Overrides } from "./stack";

/** When the facts were found out. */
export const at = new Date("2026-11-25T12:00:00Z");
const owner = { project: "logharbor", stack: "dev" };
const before = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

/** Metrics in Prometheus' text format, as a process showed them. */
export function watched(first: string, later = first) {
  return { first: parseMetrics(first), later: parseMetrics(later) };
}

/** A pod that runs and is ready, since two hours. */
export function readyPod(namespace: string, name: string, more: Partial<V1Pod["spec"]> = {}): V1Pod {
  return {
    metadata: { name, namespace, creationTimestamp: before(120) },
    spec: { nodeName: "node-a", containers: [{ name: "main" }], ...more },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [
        {
          name: "main",
          image: "",
          imageID: "",
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: before(120) } },
        },
      ],
    },
  };
}

/** Facts of a stack of one node in which nothing is wrong. */
export function healthyFacts(overrides: Overrides = {}): Facts {
  const settings = settingsFor("dev", { grafana: { enabled: false }, ...overrides });
  const policies = networkPolicies(settings, owner);
  const objects = objectsOf(settings, owner);
  const home = (part: Part): Home => {
    const namespace = settings.namespaces[part];
    const names = (kind: Kind) =>
      objects.flatMap((object) => (object.part === part && object.kind === kind ? [object.name] : []));
    const items = (kind: Kind) =>
      names(kind).map((name) => ({ metadata: { name }, spec: { replicas: 1, template: {} } }));
    const envFrom = [{ secretRef: { name: part === "loki" ? "loki-object-store" : "loki-gateway-login" } }];
    return {
      namespace,
      exists: true,
      pods: [readyPod(namespace, `${part}-0`, { containers: [{ name: "main", envFrom }] })],
      claims: names("PersistentVolumeClaim").map((name) => ({ metadata: { name }, status: { phase: "Bound" } })),
      deployments: items("Deployment") as unknown as Home["deployments"],
      statefulSets: items("StatefulSet") as unknown as Home["statefulSets"],
      daemonSets: items("DaemonSet") as unknown as Home["daemonSets"],
      policies: policies[part].map(({ name, spec }) => ({
        metadata: { name },
        spec: JSON.parse(JSON.stringify(spec).replaceAll('"from":', '"_from":')) as typeof spec,
      })),
      releases: [{ namespace, release: part, revision: 2, status: "deployed", secret: "sh.helm.release.v1" }],
      events: [],
      services: new Map(names("Service").map((name) => [name, 1])),
      secrets: new Map(names("Secret").map((name) => [name, before(180)])),
      names: {},
      logs: new Map(),
    };
  };
  const seconds = (minutes: number) => before(minutes).getTime() / 1000;
  return {
    at,
    settings,
    owner,
    nodes: [{ metadata: { name: "node-a" }, status: { conditions: [{ type: "Ready", status: "True" }] } }],
    dnsReady: 2,
    clusterRole: { role: true, binding: true },
    homes: Object.fromEntries(usedParts(settings).map((part) => [part, home(part)])),
    lokis: [
      {
        pod: "loki-0",
        ready: { status: 200, body: "ready\n" },
        metrics: watched(
          `process_start_time_seconds ${seconds(120)}
loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds ${seconds(5)}
loki_ring_members{name="ingester",state="ACTIVE"} 1
loki_ring_members{name="ingester",state="Unhealthy"} 0
loki_ingester_wal_disk_usage_percent 0.2
loki_ingester_chunks_flush_failures_total 0`,
        ),
      },
    ],
    alloys: [
      {
        pod: "alloy-0",
        node: "node-a",
        components: [{ id: "loki.write.loki", health: "healthy", message: "" }],
        metrics: watched(
          `loki_source_file_read_lines_total{path="/var/log/pods/a"} 10
loki_write_request_duration_seconds_count{status_code="204",tenant="logharbor"} 5
loki_write_batch_retries_total{tenant="logharbor"} 0
loki_write_dropped_entries_total{reason="ingester_error",tenant="logharbor"} 0`,
          `loki_source_file_read_lines_total{path="/var/log/pods/a"} 20
loki_write_request_duration_seconds_count{status_code="204",tenant="logharbor"} 7
loki_write_batch_retries_total{tenant="logharbor"} 0
loki_write_dropped_entries_total{reason="ingester_error",tenant="logharbor"} 0`,
        ),
      },
    ],
    canaries: [],
    minios: [{ pod: "minio-0", live: 200, cluster: 200 }],
    store: {
      buckets: new Map([
        ["loki-bucket", "ok"],
        ["loki-ruler-bucket", "ok"],
      ]),
      drives: [{ server: "minio-0", path: "/export", state: "ok", totalBytes: 100, freeBytes: 90 }],
    },
    logins: {},
    rules: new Map([
      [
        settings.tenant,
        settings.alerts.rules.map(({ name }) => ({ group: name, name, state: "inactive", health: "ok", active: 0 })),
      ],
    ]),
    alertmanagers: [],
    grafanas: [],
    newest: new Map([["node-a", before(0.1)]]),
    volumes: [
      { namespace: settings.namespaces.loki, pod: "loki-0", claim: "storage", freeBytes: 90, capacityBytes: 100 },
    ],
    shown: [{ part: "loki", pod: "loki-0", node: "node-a", aheadMs: 400 }],
    unseen: [],
  };
}
