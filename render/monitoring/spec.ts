import type { Labels } from "../pod";
import type { Watched } from "./alert";

/** Everything that a stack's monitoring depends on. */
export interface MonitoringSpec extends Watched {
  /** Whether to make ServiceMonitors and PrometheusRules. The cluster must know these kinds. */
  operator: boolean;
  /** Labels of these objects, by which an operator may select them. */
  labels: Labels;
  /** Address of the folder of the runbooks. Default: its path in this repository. */
  runbookUrl?: string;
  /** Path of Grafana's metrics. Default: /metrics. */
  grafanaPath: string;
  /** Whether MinIO uses TLS. */
  secured: boolean;
}
