/** Where a Service answers inside the cluster. */
export interface ServiceAddress {
  service: string;
  namespace: string;
  port: number;
}

/** Reads an in-cluster URL such as `http://minio.logharbor-minio.svc:9000`. Pure. */
export function serviceAddress(url: string): ServiceAddress {
  const { hostname, port } = new URL(url);
  const [service, namespace] = hostname.split(".");
  if (service === undefined || namespace === undefined) throw new Error(`${url} names no Service of a cluster`);
  return { service, namespace, port: port === "" ? 80 : Number(port) };
}
