import type { Image, Settings } from "../../config/settings";
import type { Generation } from "../../domain/credentials";
import type { Topology } from "../../domain/topologies";
import type { AlertmanagerSpec } from "../alertmanager/spec";
import type { ExposureSpec } from "../exposure";
import type { LogAlert } from "../monitoring/logAlerts";
import type { StoreSpec } from "../objectStore";
import type { Identity, PartSpec } from "../part";

type LokiSettings = Settings["loki"];

/** Alerts: the rules of Loki's ruler, and where it sends what they find. */
export interface RulerSpec {
  /** Where the ruler finds its rules: in the stack's ConfigMap, or in its bucket. Default: `stack`. */
  storage: Settings["alerts"]["storage"];
  /** Rules of the settings. Default: `HighErrorRate`. */
  rules: Settings["alerts"]["rules"];
  /** Files with further rules, for the stack's own tenant. Default: none. */
  files: readonly string[];
  /** Seconds between two evaluations. Default: 60. */
  intervalSeconds: number;
  /** Addresses of every replica of the Alertmanager. Default: none, so nobody is notified. */
  alertmanagerUrls: readonly string[];
  /** Secret with the login there. Default: none. */
  alertmanagerLogin?: string;
  /** Secret with the authority of its certificate. Default: none. */
  alertmanagerCa?: string;
  /** Where the results of recording rules go, by remote write, with a login. Default: nowhere. */
  recording: Settings["alerts"]["recording"];
  /** Address of Grafana for people, for links in alerts. Default: none. */
  grafanaUrl?: string;
  /** Namespaces of all parts, whose logs rules leave out. Default: those of `dev`. */
  platform: Settings["namespaces"];
  /** Alerts about the platform itself, from its own logs. Default: those of `dev`. */
  platformAlerts: readonly LogAlert[];
}

/** Everything that Loki's release depends on. Groups have the units and bounds of the settings with the same name. */
export interface LokiSpec extends PartSpec, Identity, StoreSpec {
  /** CPU and memory of single targets, in place of `resources`. Default: none differs. */
  targetResources: Settings["loki"]["targetResources"];
  /** Layout of Loki: one of `topologies`, or a changed copy. Default: `topologies["single-binary"]`. */
  topology: Topology;
  /** Size of each volume, a Kubernetes quantity. Default: 10Gi. */
  volumeSize: string;
  /** StorageClass of the volumes. Default: the cluster's. */
  storageClass?: string;
  /** Periods of the index schema, oldest first. Default: v13 since 2024-04-01. */
  schema: LokiSettings["schema"];
  /** Compression of chunks. Default: gzip. */
  chunkEncoding: LokiSettings["chunkEncoding"];
  /** Memory of the caches of chunks and of results. Default: that of `dev`. */
  caches: LokiSettings["caches"];
  /** How many parts of queries run at the same time. Default: that of `dev`. */
  query: LokiSettings["query"];
  /** Whether Loki finds the patterns of recent lines. Default: true. */
  patterns: LokiSettings["patterns"];
  /** The limits of tenants. Default: those of `dev`. */
  limits: LokiSettings["limits"];
  /** How long logs are kept, and when the compactor runs. Default: that of `dev`. */
  retention: Settings["retention"];
  /** The tenant that Alloy writes to. Default: `logharbor`. */
  tenant: string;
  /** The way in from outside of the cluster to the gateway. Default: none. */
  exposure?: ExposureSpec;
  /** Further tenants, each with a generated password. Default: none. */
  tenants: readonly string[];
  /** Those of them for which Alloy collects. Default: none. */
  collectedTenants: readonly string[];
  /** Generations of the tenants' passwords. Default: the first. */
  logins: Generation;
  /** Generations of the user in the stack's own MinIO. Default: the first. */
  store: Generation;
  /** Whether the gateway asks for a tenant's name and password: `none` or `basic`. Default: `none`. */
  authentication: Settings["gateway"]["authentication"];
  /** Whether a canary on every node tails its lines. Default: false. */
  canary: boolean;
  /** Alerts. Default: those of `dev`. */
  ruler: RulerSpec;
  /** The stack's own Alertmanager, in Loki's namespace. Default: none. */
  alertmanager?: AlertmanagerSpec;
  /** The DNS that the gateway asks for the names of Loki's Services. Default: kube-dns in kube-system. */
  resolver: Pick<Settings["dns"], "service" | "namespace" | "address">;
  /** Image of the gateway (nginx). Default: the pinned one. */
  gatewayImage: Image;
  /** Image of the caches that replicas share (memcached). Default: the pinned one. */
  memcachedImage: Image;
  /** How replicas are spread over nodes and zones. Default: preferred, preferred. */
  spread: Settings["spread"];
  /** Further configuration, which docs/escape-hatches.md describes. Default: none. */
  extraConfig: Settings["loki"]["config"];
}
