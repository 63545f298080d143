import type { Settings } from "../config/settings";
import { ports } from "../domain/names";
import { hasMinio } from "../domain/objectStore";
import { speaksTls } from "./tls";
import { topologyOf } from "./topology";

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

/** MinIO's API inside the cluster. Pure. */
export function minioUrl({ namespaces, tls }: Pick<Settings, "namespaces" | "tls">): string {
  return `${speaksTls(tls) ? "https" : "http"}://minio.${namespaces.minio}.svc:${ports.minioApi}`;
}

/** The addresses of a stack. Pure. */
export function addressesOf(settings: Settings): Addresses {
  const { grafana, namespaces, objectStore, tls } = settings;
  const secured = speaksTls(tls);
  const scheme = secured ? "https" : "http";
  return {
    ...(hasMinio(objectStore)
      ? {
          minio: minioUrl(settings),
          minioConsole: `${scheme}://minio-console.${namespaces.minio}.svc:${ports.minioConsole}`,
        }
      : {}),
    loki:
      topologyOf(settings).replicas.gateway > 0
        ? `${scheme}://loki-gateway.${namespaces.loki}.svc:${secured ? ports.gatewayTls : ports.gateway}`
        : `http://loki.${namespaces.loki}.svc:${ports.lokiHttp}`,
    ...(grafana.enabled ? { grafana: `http://grafana.${namespaces.grafana}.svc:${ports.grafana}` } : {}),
  };
}
