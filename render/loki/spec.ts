import type { Image, Settings } from "../../config/settings";
import type { Generation } from "../../domain/credentials";
import type { Topology } from "../../domain/topologies";
import type { PartSpec } from "../part";

type LokiSettings = Settings["loki"];

/** Everything that Loki's release depends on. Groups have the units and bounds of the settings with the same name. */
export interface LokiSpec extends PartSpec {
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
  /** The limits of tenants. Default: those of `dev`. */
  limits: LokiSettings["limits"];
  /** How long logs are kept, and when the compactor runs. Default: that of `dev`. */
  retention: Settings["retention"];
  /** The tenant that Alloy writes to. Default: `logharbor`. */
  tenant: string;
  /** Further tenants, each with a generated password. Default: none. */
  tenants: readonly string[];
  /** Generations of the tenants' passwords. Default: the first. */
  logins: Generation;
  /** Generations of the user in the object store. Default: the first. */
  store: Generation;
  /** Whether the gateway asks for a tenant's name and password: `none` or `basic`. Default: `none`. */
  authentication: Settings["gateway"]["authentication"];
  /** URL of the object store inside the cluster: `http://minio.logharbor-minio.svc:9000`. */
  storeUrl: string;
  /** Buckets there, for chunks with their index, and for rules. Default: `loki-bucket`, `loki-ruler-bucket`. */
  buckets: Settings["minio"]["buckets"];
  /** Image of the gateway (nginx). Default: the pinned one. */
  gatewayImage: Image;
  /** Image of the caches that replicas share (memcached). Default: the pinned one. */
  memcachedImage: Image;
  /** How replicas are spread over nodes and zones. Default: preferred, preferred. */
  spread: Settings["spread"];
}
