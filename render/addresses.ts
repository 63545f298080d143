import type { Settings } from "../config/settings";
import { ports } from "../domain/names";
import type { Part } from "../domain/parts";
import { speaksTls } from "./tls";

/** URLs inside the cluster, without a path. */
export interface Addresses {
  /** MinIO's API. Undefined, as the next, if the stack has no MinIO. */
  minio?: string;
  /** MinIO's console. */
  minioConsole?: string;
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
  minio: boolean;
}

/** MinIO's API inside the cluster. Pure. */
export function minioUrl({ namespaces, tls }: Pick<Settings, "namespaces" | "tls">): string {
  return minioIn(namespaces.minio, speaksTls(tls));
}

function minioIn(namespace: string, secured: boolean): string {
  return `${secured ? "https" : "http"}://minio.${namespace}.svc:${ports.minioApi}`;
}

/** The addresses of a stack. Pure. */
export function addressesOf({ namespaces, secured, gateway, grafana, minio }: Deciding): Addresses {
  const scheme = secured ? "https" : "http";
  return {
    ...(minio
      ? {
          minio: minioIn(namespaces.minio, secured),
          minioConsole: `${scheme}://minio-console.${namespaces.minio}.svc:${ports.minioConsole}`,
        }
      : {}),
    loki: gateway
      ? `${scheme}://loki-gateway.${namespaces.loki}.svc:${secured ? ports.gatewayTls : ports.gateway}`
      : `http://loki.${namespaces.loki}.svc:${ports.lokiHttp}`,
    ...(grafana ? { grafana: `http://grafana.${namespaces.grafana}.svc:${ports.grafana}` } : {}),
  };
}
