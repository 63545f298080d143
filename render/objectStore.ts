import type { Settings } from "../config/settings";
import { secretNames } from "../domain/names";
import { portOf } from "../domain/url";
import { minioUrl } from "./addresses";
import { speaksTls } from "./tls";

/** Where Loki stores, and how it logs in. */
export interface StoreSpec {
  /**
   * URL of the object store, as Loki's pods reach it, such as `http://minio.logharbor-minio.svc:9000`. Default: AWS S3
   * in the region.
   */
  storeUrl?: string;
  /** Region of the buckets. Default: us-east-1. */
  storeRegion: string;
  /** Whether the bucket is named in the path of an address, not in its host. Default: true. */
  storePathStyle: boolean;
  /** Whether Loki logs in with keys, or with the identity that its ServiceAccount has with AWS. Default: `secret`. */
  storeCredentials: "secret" | "identity";
  /** Secret in Loki's namespace with the keys; its keys are `lokiStoreVariables`. Default: `loki-object-store`. */
  storeSecret: string;
  /** Secret in Loki's namespace with the key `ca.crt`, which signed the store's certificate. Default: none. */
  storeCa?: string;
  /** Buckets there, for chunks with their index, and for rules. Default: `loki-bucket`, `loki-ruler-bucket`. */
  buckets: { chunks: string; ruler?: string };
}

/** What MinIO and other stores call the region of buckets that have none. */
const defaultRegion = "us-east-1";

/** The stack's own MinIO as Loki's store. */
function minioStore(settings: Pick<Settings, "minio" | "namespaces" | "tls">): StoreSpec {
  return {
    storeUrl: minioUrl(settings),
    storeRegion: defaultRegion,
    storePathStyle: true,
    storeCredentials: "secret",
    storeSecret: secretNames.lokiStore,
    storeCa: speaksTls(settings.tls) ? secretNames.tls : undefined,
    buckets: settings.minio.buckets,
  };
}

/** The store that is there already, as the settings describe it. */
export function existingStore({ objectStore }: Pick<Settings, "objectStore">): StoreSpec {
  const { buckets, ca, credentials, endpoint, pathStyle, region, secret } = objectStore;
  const { chunks = "", ruler } = buckets;
  return {
    storeUrl: endpoint,
    storeRegion: region ?? defaultRegion,
    storePathStyle: pathStyle ?? endpoint !== undefined,
    storeCredentials: credentials,
    storeSecret: secret ?? secretNames.lokiStore,
    storeCa: ca,
    buckets: { chunks, ...(ruler === undefined ? {} : { ruler }) },
  };
}

/** The address of a store: its own, or that of AWS S3 in the region. */
export function storeAddress({ storeUrl, storeRegion }: Pick<StoreSpec, "storeUrl" | "storeRegion">): string {
  return storeUrl ?? `https://s3.${storeRegion}.amazonaws.com${storeRegion.startsWith("cn-") ? ".cn" : ""}`;
}

/** Where Loki stores. */
export function storeOf(settings: Settings): StoreSpec {
  return settings.objectStore.kind === "minio" ? minioStore(settings) : existingStore(settings);
}

/** Names of the buckets of a store. */
export function bucketsOf({ buckets }: Pick<StoreSpec, "buckets">): string[] {
  return Object.values(buckets);
}

/**
 * Ports at which Loki's pods reach the store that is there already. With an identity also those at which AWS gives them
 * credentials: its token service, and the agent on the node.
 */
export function storePorts(settings: Pick<Settings, "objectStore">): number[] {
  const { credentials, ports } = settings.objectStore;
  const own = portOf(storeAddress(existingStore(settings)));
  return [...new Set([own, ...ports, ...(credentials === "identity" ? [443, 80] : [])])];
}
