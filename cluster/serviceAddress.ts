import { portOf } from "../domain/url";

/** Address of a Service inside the cluster. */
export interface ServiceAddress {
  service: string;
  namespace: string;
  port: number;
  /** Whether it speaks TLS. */
  tls: boolean;
}

/** Reads an in-cluster URL such as `http://minio.logharbor-minio.svc:9000`. Pure. */
export function serviceAddress(url: string): ServiceAddress {
  const { hostname, protocol } = new URL(url);
  const [service, namespace] = hostname.split(".");
  if (service === undefined || namespace === undefined)
    throw new Error(`${url} is not the address of a Service in a cluster`);
  const tls = protocol === "https:";
  return { service, namespace, port: portOf(url), tls };
}
