import { LoggingStack } from "../../components";
import { parseSettings } from "../../config/stackConfig";
import type { Profile, Settings } from "../../config/settings";
import { record, type Recorded } from "./recorder";

/** Settings over a profile's defaults, nested as in a stack file. */
export type Overrides = Record<string, unknown>;

/** A remote tier with everything set. */
export const someTier = {
  kind: "s3",
  endpoint: "https://s3.example.com",
  bucket: "cold-logs",
  prefix: "logharbor",
  region: "eu-central-1",
  secret: "cold-tier",
};

/** An object store that is there already, with a Secret and a CA. */
export const someStore = {
  kind: "s3",
  endpoint: "https://s3.example.com:9443",
  region: "eu-central-1",
  buckets: { chunks: "our-logs" },
  secret: "log-store",
  ca: "log-store-ca",
};

/** A receiver of alerts. */
export const someReceiver = { name: "on-call", type: "webhook", secret: "on-call-webhook" };

/** All four parts in existing namespaces, two of them in one. */
export const guest: Overrides = {
  namespaces: { minio: "store", loki: "store", alloy: "agents", grafana: "views" },
  existingNamespaces: ["minio", "loki", "alloy", "grafana"],
};

/** A PostgreSQL that is there, for Grafana. */
export const someDatabase = {
  host: "postgres.db.svc:5432",
  name: "grafana",
  secret: "grafana-database",
  ca: "postgres-ca",
  encryptionSecret: "grafana-encryption",
};

/** Login by OpenID Connect with everything set. */
export const someOidc = {
  name: "Example SSO",
  authUrl: "https://sso.example.com/authorize",
  tokenUrl: "https://sso.example.com/token",
  apiUrl: "https://sso.example.com/userinfo",
  clientId: "grafana",
  secret: "grafana-oidc",
  scopes: ["openid", "profile", "email", "groups"],
  roleAttributePath: "contains(groups[*], 'ops') && 'Admin' || 'Viewer'",
  ca: "sso-ca",
};

/** Grafana and the gateway, each reached from outside of the cluster in its own way, and a Grafana with everything. */
export const exposed: Overrides = {
  ingressNamespaces: ["ingress-nginx", "gateway-system"],
  gateway: { authentication: "basic" },
  exposure: {
    grafana: { kind: "ingress", className: "nginx", tlsSecret: "public-certificate", issuer: "letsencrypt" },
    gateway: {
      kind: "route",
      parent: { name: "public", namespace: "gateway-system", section: "https" },
      host: "loki.example.com",
    },
  },
  grafana: {
    url: "https://logs.example.com/grafana",
    replicas: 2,
    database: someDatabase,
    oidc: someOidc,
    smtp: { host: "smtp.example.com:587", from: "grafana@example.com", secret: "grafana-smtp" },
    plugins: ["grafana-clock-panel@2.1.8", "volkovlabs-table-panel@3.0.0"],
    dataSourceFiles: ["tests/support/grafana/data-sources.yaml"],
    dashboardFiles: ["tests/support/grafana/shop.json"],
    envFromSecrets: ["data-source-passwords"],
  },
};

/** Stacks that differ in what they make. */
export const stacks: readonly [title: string, profile: Profile, overrides: Overrides][] = [
  ["dev", "dev", {}],
  ["prod", "prod", {}],
  [
    "prod with everything",
    "prod",
    {
      gateway: { authentication: "basic", tenants: ["team-a"] },
      tls: { certificates: "cert-manager", issuer: "internal-ca" },
      minio: { tier: someTier },
      alloy: { events: { enabled: true }, externalLabels: { cluster: "eu-1" } },
      alerts: { alertmanager: "own", own: { receivers: [someReceiver] } },
    },
  ],
  ["reached from outside of the cluster", "prod", exposed],
  ["ha-monolithic without Grafana", "prod", { topology: "ha-monolithic", grafana: { enabled: false } }],
  ["prod with an object store that is there already", "prod", { objectStore: someStore }],
  ["dev that moves to one", "dev", { objectStore: { ...someStore, kind: "minio", moving: true } }],
  ["dev that moves back", "dev", { objectStore: { ...someStore, moving: true } }],
  [
    "a guest in namespaces of others",
    "dev",
    {
      ...guest,
      alerts: {
        alertmanager: "existing",
        existing: { urls: ["http://alertmanager.monitoring.svc:9093"], login: "am" },
      },
    },
  ],
];

/** Overrides in Pulumi's form: text unchanged, everything else as JSON; keys without their namespace. */
export function rawConfig(profile: Profile, overrides: Overrides = {}): Record<string, string> {
  const raw = Object.entries(overrides).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { profile, ...(Object.fromEntries(raw) as Record<string, string>) };
}

/** Config as the engine keys it: every setting under `logharbor:`. */
export function engineConfig(profile: Profile, overrides: Overrides = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rawConfig(profile, overrides)).map(([key, value]) => [`logharbor:${key}`, value]),
  );
}

const parsed = new Map<string, Settings>();

/** The settings of a config; a copy of those that an earlier call has parsed. */
export function settingsFor(profile: Profile, overrides: Overrides = {}): Settings {
  const raw = rawConfig(profile, overrides);
  const key = JSON.stringify(raw);
  const settings = parsed.get(key) ?? parseSettings(raw);
  parsed.set(key, settings);
  return structuredClone(settings);
}

const registered = new Map<string, Promise<readonly Recorded[]>>();

/** Every resource of the whole stack. It is registered once for all tests, so nothing of it can be changed. */
export function stackResources(profile: Profile, overrides: Overrides = {}): Promise<readonly Recorded[]> {
  const key = JSON.stringify([profile, overrides]);
  const resources = registered.get(key) ?? registerStack(profile, overrides);
  registered.set(key, resources);
  return resources;
}

/** {@link stackResources}, registered anew. */
export async function registerStack(profile: Profile, overrides: Overrides = {}): Promise<readonly Recorded[]> {
  const settings = settingsFor(profile, overrides);
  const { resources } = await record(
    {},
    () => new LoggingStack("logharbor", { settings, minioEndpoint: "http://127.0.0.1:39000" }),
  );
  return frozen(resources);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
