import { checksum } from "../checksum";
import { portOf } from "../../domain/url";
import type { Settings, Tier } from "../../config/settings";

/**
 * The address of a remote tier, for people and to tell tiers apart. Chunks that moved to one address cannot be found at
 * another.
 */
export function tierAddress({ kind, endpoint, bucket, prefix }: Tier): string {
  return `${kind} ${[endpoint, bucket, ...(prefix === undefined ? [] : [prefix])].join("/")}`;
}

/**
 * The tier's name in MinIO. MinIO records the name with each object that it moves, and cannot change the address of a
 * name. So another address gets another name, and MinIO still finds what it moved before.
 */
export function tierName(tier: Tier): string {
  return `COLD-${checksum(tierAddress(tier)).slice(0, 8).toUpperCase()}`;
}

/** Port of the tier: that of its address, else the default of http or https. */
export function tierPort({ endpoint }: Tier): number {
  return portOf(endpoint);
}

/** Which chunks move to the remote tier, and when. */
export interface Moving {
  /** Tenants whose chunks are moved. Default: `logharbor`. */
  tenants: readonly string[];
  /** Days after which a chunk moves (`warmDays`). Without `coldDays`, no more chunks move. Default: that of `dev`. */
  retention: Pick<Settings["retention"], "warmDays" | "coldDays">;
}

/**
 * Lifecycle of the chunks' bucket in a stack with a remote tier, as JSON for `mc ilm rule import`. Each tenant's chunks
 * are in a folder. The index is outside of these folders and stays in MinIO, because every query reads it. Without
 * `coldDays`, no more chunks move.
 */
export function tierLifecycle({ tenants, retention }: Moving, tier: Tier): string {
  const moving = retention.coldDays === undefined ? [] : tenants;
  const rules = moving.map((name) => ({
    ID: `cold-${name}`,
    Status: "Enabled",
    Filter: { Prefix: `${name}/` },
    Transition: { Days: retention.warmDays, StorageClass: tierName(tier) },
  }));
  return JSON.stringify({ Rules: [oldVersions, ...rules] });
}

/**
 * The same rule as in ObjectStore. The stack does not version the bucket, but if an administrator turns versioning on,
 * deleted chunks must still disappear.
 */
const oldVersions = { ID: "old-versions", Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 1 } };
