/*
 * Names that several parts agree on. Releases are named after their part and the charts' `fullnameOverride` is the
 * same, so that Services are `loki`, `minio`, `grafana`, `alloy` in their namespaces.
 */

/** Secrets that hold credentials, in the namespace of the part that reads them. */
export const secretNames = {
  /** MinIO's root user; keys `rootUser`, `rootPassword` (the chart's words). */
  minioRoot: "minio-root",
  /** Loki's own user of the object store; keys are the variables of `lokiStoreVariables`. */
  lokiStore: "loki-object-store",
  /** Users of Loki's gateway and their hashed passwords; key `.htpasswd` (the chart's word). */
  gatewayUsers: "loki-gateway-users",
  /** Password of each tenant, by the tenant's name; in Loki's namespace. */
  tenants: "loki-tenants",
  /**
   * The stack's own tenant and its password, where Alloy and Grafana read them; keys are the variables of
   * `gatewayVariables`.
   */
  gatewayLogin: "loki-gateway-login",
  /** Certificate, key and authority of a namespace; keys `tls.crt`, `tls.key`, `ca.crt` (cert-manager's words). */
  tls: "logharbor-tls",
  /** Grafana's administrator; keys `admin-user`, `admin-password` (the chart's words). */
  grafanaAdmin: "grafana-admin",
} as const;

/** Environment variables from which Loki expands its S3 credentials. */
export const lokiStoreVariables = { accessKeyId: "S3_ACCESS_KEY_ID", secretAccessKey: "S3_SECRET_ACCESS_KEY" } as const;

/** Environment variables in which Alloy and Grafana find their login at Loki's gateway. */
export const gatewayVariables = { user: "LOKI_USER", password: "LOKI_PASSWORD" } as const;

export const ports = {
  minioApi: 9000,
  minioConsole: 9001,
  lokiHttp: 3100,
  lokiGrpc: 9095,
  lokiMemberlist: 7946,
  gateway: 80,
  gatewayTls: 443,
  grafana: 80,
  alloy: 12345,
} as const;

/** Ports of pods, where they are not those of their Services. */
export const podPorts = { gateway: 8080, grafana: 3000, memcached: 11211 } as const;

/** Labels by which a namespace is known as the home of a part of a stack, also when the settings name another. */
export const stackLabel = "logharbor.io/stack";
export const partLabel = "logharbor.io/part";

/** Annotation of the Job that connects MinIO with a remote tier: the tier's address. */
export const tierAnnotation = "logharbor.io/tier";
/** That Job; also the label `app` of its pods. */
export const tierJobName = "minio-tier";
