import { ports } from "../domain/names";
import type { Part } from "../domain/parts";

/** URLs inside the cluster, without a path. */
export interface Addresses {
  /** MinIO's API. */
  minio: string;
  /** MinIO's console. */
  minioConsole: string;
  /** Loki's gateway, or Loki itself if it has no gateway. */
  loki: string;
  /** Grafana. Undefined if the stack has none. */
  grafana?: string;
}

/** What the addresses depend on. */
interface Deciding {
  namespaces: Readonly<Record<Part, string>>;
  /** Whether MinIO and Loki's gateway use TLS. */
  secured: boolean;
  /** Whether Loki has a gateway. */
  gateway: boolean;
  grafana: boolean;
}

/** The addresses of a stack. Pure. */
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
