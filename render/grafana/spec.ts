import type { Generation } from "../../domain/credentials";
import type { Settings } from "../../config/settings";
import type { ExposureSpec } from "../exposure";
import type { Identity, LokiClient, PartSpec } from "../part";

/** Everything that Grafana's release depends on. */
export interface GrafanaSpec extends PartSpec, Identity, LokiClient {
  /** Size of the volume, a Kubernetes quantity. Default: 5Gi. */
  volumeSize: string;
  /** StorageClass of the volume. Default: the cluster's. */
  storageClass?: string;
  /** Generations of the administrator's password. Default: the first. */
  admin: Generation;
  /** Namespaces of the other parts, whose logs show the health of the platform. Default: those of `dev`. */
  platform: Settings["namespaces"];
  /** Whether the stack has a MinIO of its own. Default: true. */
  minio: boolean;
  /** Whether a canary runs on every node. Default: false. */
  canary: boolean;
  /** Address of a Prometheus with the platform's metrics, as Grafana reaches it. Default: none. */
  prometheusUrl?: string;
  /** Address at which people open Grafana. Default: none. */
  url?: string;
  /** The way in from outside of the cluster. Default: none. */
  exposure?: ExposureSpec;
  /** Alerts that Grafana evaluates. Default: `ProductionErrors`. */
  alertRules: Settings["alerts"]["grafanaRules"];
  /** Seconds between two evaluations. Default: 60. */
  alertIntervalSeconds: number;
  /** Seconds that a query may take. Default: 300. */
  querySeconds: number;
  /** Addresses of the Alertmanager. Default: none, so nobody is notified. */
  alertmanagerUrls: readonly string[];
  /** Secret in Grafana's namespace with the login there. Default: none. */
  alertmanagerLogin?: string;
  /** Further settings in grafana.ini, which docs/escape-hatches.md describes. Default: none. */
  ini: Settings["grafana"]["ini"];
}
