import type { Generation } from "../../domain/credentials";
import type { Settings } from "../../config/settings";
import type { ExposureSpec } from "../exposure";
import type { Identity, LokiClient, PartSpec } from "../part";

/** Everything that Grafana's release depends on. */
export interface GrafanaSpec extends PartSpec, Identity, LokiClient {
  /** Number of pods. Several need a database. Default: 1. */
  replicas: number;
  /** How the pods are spread, if there are several. Default: that of `dev`. */
  spread: Settings["spread"];
  /** A PostgreSQL that keeps what Grafana stores, instead of the volume. Default: none. */
  database?: Settings["grafana"]["database"];
  /** Login by OpenID Connect. Default: none. */
  oidc?: Settings["grafana"]["oidc"];
  /** Mail server. Default: none, so Grafana sends no mail. */
  smtp?: Settings["grafana"]["smtp"];
  /** Plug-ins to install, each `id@version`. Default: none. */
  plugins: readonly string[];
  /** Files with further data sources. Default: none. */
  dataSourceFiles: readonly string[];
  /** Files with further dashboards. Default: none. */
  dashboardFiles: readonly string[];
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
