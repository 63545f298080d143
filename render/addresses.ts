import { ports } from "../domain/names";
import type { Part } from "../domain/parts";

/** URLs inside the cluster. */
export interface Addresses {
  minio: string;
  minioConsole: string;
  loki: string;
  grafana?: string;
}

/** What the addresses depend on. */
interface Deciding {
  namespaces: Readonly<Record<Part, string>>;
  /** Whether MinIO and Loki's gateway speak TLS. */
  secured: boolean;
  /** Whether Loki has a gateway. */
  gateway: boolean;
  grafana: boolean;
}

export function addressesOf({ namespaces, secured, gateway, grafana }: Deciding): Addresses {
  const scheme = secured ? "https" : "http";
  return {
    minio: `${scheme}://minio.${namespaces.minio}.svc:${ports.minioApi}`,
    minioConsole: `${scheme}://minio-console.${namespaces.minio}.svc:${ports.minioConsole}`,
    loki: gateway
      ? `${scheme}://loki-gateway.${namespaces.loki}.svc:${secured ? ports.gatewayTls : ports.gateway}`
      : `http://loki.${namespaces.loki}.svc:${ports.lokiHttp}`,
    ...(grafana ? { grafana: `http://grafana.${namespaces.grafana}.svc:${ports.grafana}` } : {}),
  };
}
