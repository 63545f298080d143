import type { Settings } from "../config/settings";
import { ports } from "../domain/names";
import { speaksTls } from "./tls";
import { topologyPlan, type TopologyInput } from "./topologies";

/** In-cluster addresses, `host:port` or URL. */
export interface Endpoints {
  minio: string;
  minioConsole: string;
  loki: string;
  grafana?: string;
}

/** What the addresses depend on. */
export type EndpointsInput = Pick<Settings, "namespaces" | "grafana"> & TopologyInput;

export function endpointsOf(settings: EndpointsInput): Endpoints {
  const { namespaces, grafana } = settings;
  const gateway = topologyPlan(settings).replicas.gateway > 0;
  const secured = speaksTls(settings);
  const scheme = secured ? "https" : "http";
  return {
    minio: `${scheme}://minio.${namespaces.minio}.svc:${ports.minioApi}`,
    minioConsole: `${scheme}://minio-console.${namespaces.minio}.svc:${ports.minioConsole}`,
    loki: gateway
      ? `${scheme}://loki-gateway.${namespaces.loki}.svc:${secured ? ports.gatewayTls : ports.gateway}`
      : `http://loki.${namespaces.loki}.svc:${ports.lokiHttp}`,
    ...(grafana.enabled ? { grafana: `http://grafana.${namespaces.grafana}.svc:${ports.grafana}` } : {}),
  };
}
