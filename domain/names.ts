/*
 * Names that several parts must agree on. Each release has the name of its part, and the chart's `fullnameOverride` is
 * the same. So the Services are called `loki`, `minio`, `grafana` and `alloy`, each in its namespace.
 */

/** Secrets that hold credentials. Each is in the namespace of the part that reads it. */
export const secretNames = {
  /** MinIO's root user; keys `rootUser` and `rootPassword`, as the chart calls them. */
  minioRoot: "minio-root",
  /** Loki's user in the object store; keys are the variables of `lokiStoreVariables`. */
  lokiStore: "loki-object-store",
  /** Users of Loki's gateway and their hashed passwords; key `.htpasswd`, as the chart calls it. */
  gatewayUsers: "loki-gateway-users",
  /** Password of each tenant, in Loki's namespace; keys are the tenants' names. */
  tenants: "loki-tenants",
  /** The stack's own tenant and its password, for Alloy and Grafana; keys are the variables of `gatewayVariables`. */
  gatewayLogin: "loki-gateway-login",
  /** Token with which a Prometheus reads MinIO's metrics; key `token`. */
  minioMetrics: "minio-metrics",
  /** Certificate, key and CA of a namespace; keys `tls.crt`, `tls.key` and `ca.crt`, as cert-manager calls them. */
  tls: "logharbor-tls",
  /** Grafana's administrator; keys are those of `grafanaAdminKeys`. */
  grafanaAdmin: "grafana-admin",
} as const;

/** Keys of Grafana's Secret: the first two as the chart calls them, and the old password while it is replaced. */
export const grafanaAdminKeys = {
  user: "admin-user",
  password: "admin-password",
  previous: "previous-admin-password",
} as const;

/** Environment variables that hold Loki's S3 credentials; Loki expands them in its configuration. */
export const lokiStoreVariables = { accessKeyId: "S3_ACCESS_KEY_ID", secretAccessKey: "S3_SECRET_ACCESS_KEY" } as const;

/** Environment variables that hold the login of Alloy and Grafana at Loki's gateway. */
export const gatewayVariables = { user: "LOKI_USER", password: "LOKI_PASSWORD" } as const;

/** Environment variables of Loki's ruler: its logins at an Alertmanager that exists, and at a Prometheus. */
export const rulerVariables = {
  alertmanager: { username: "ALERTMANAGER_USERNAME", password: "ALERTMANAGER_PASSWORD" },
  recording: { username: "REMOTE_WRITE_USERNAME", password: "REMOTE_WRITE_PASSWORD" },
} as const;

/** Environment variables of Grafana, from Secrets of the operator. */
export const grafanaVariables = {
  oidc: { clientSecret: "OIDC_CLIENT_SECRET" },
  smtp: { username: "SMTP_USERNAME", password: "SMTP_PASSWORD" },
  database: { username: "DATABASE_USERNAME", password: "DATABASE_PASSWORD" },
  encryption: { key: "ENCRYPTION_KEY" },
} as const;

/** Name of the ConfigMap with the rules of Loki's ruler, a file for each tenant. */
export const rulesConfigMap = "loki-rules";

/** Name of the stack's own Alertmanager and of all its objects, in Loki's namespace. */
export const alertmanagerName = "alertmanager";

/** Name of the canary and of all its objects, in Alloy's namespace, and the label `app` of its lines. */
export const canaryName = "logharbor-canary";

/** Name of the reader of events and of all its objects, in Alloy's namespace, and the label `app` of its own lines. */
export const eventsName = "logharbor-events";

/** Label `app` of the events that it reads. */
export const eventsApp = "kubernetes-events";

/** Ports of the Services. */
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
  alertmanager: 9093,
  /** Between the replicas of the stack's own Alertmanager, by TCP and UDP. */
  alertmanagerGossip: 9094,
  canary: 3500,
  /** Between several Grafanas, by TCP and UDP. */
  grafanaGossip: 9094,
} as const;

/** Ports of pods that differ from the ports of their Services. */
export const podPorts = { gateway: 8080, grafana: 3000, memcached: 11211 } as const;

/**
 * Label with the name of the stack that an object belongs to. It marks a stack's namespaces even after the settings
 * name others.
 */
export const stackLabel = "logharbor.io/stack";
/** Label with the part that an object or a namespace belongs to. */
export const partLabel = "logharbor.io/part";

/** Annotation of the Job that connects MinIO to a remote tier; its value is the address of the tier. */
export const tierAnnotation = "logharbor.io/tier";
/** Name of that Job, and value of the label `app` of its pods. */
export const tierJobName = "minio-tier";

/** Folder of the runbooks in this repository. */
export const runbooksPath = "docs/runbooks";
