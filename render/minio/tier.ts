import { createHash } from "node:crypto";

import type { Settings, Tier } from "../../config/settings";

/**
 * Where a remote tier is, for people, and to tell one from another; what is moved to one can't be found by the address
 * of another.
 */
export function tierAddress({ kind, endpoint, bucket, prefix }: Tier): string {
  return `${kind} ${[endpoint, bucket, ...(prefix === undefined ? [] : [prefix])].join("/")}`;
}

/**
 * The tier's name in MinIO, which notes it down with each object it moves. A name keeps its one address there, so
 * another address gets another name, and MinIO still finds what it moved before.
 */
export function tierName(tier: Tier): string {
  return `COLD-${createHash("sha256").update(tierAddress(tier)).digest("hex").slice(0, 8).toUpperCase()}`;
}

/** Port at which the tier is reached. */
export function tierPort({ endpoint }: Tier): number {
  const { port, protocol } = new URL(endpoint);
  return port === "" ? { "http:": 80, "https:": 443 }[protocol]! : Number(port);
}

/** What moves chunks: whose, and when. */
export interface Moving {
  /** Tenants whose chunks are moved. Default: `logharbor`. */
  tenants: readonly string[];
  /** After how many days a chunk is moved; without `coldDays` none is moved any more. Default: that of `dev`. */
  retention: Pick<Settings["retention"], "warmDays" | "coldDays">;
}

/**
 * Lifecycle of the chunks' bucket where there is a remote tier, as `mc ilm rule import` reads it. Chunks lie in a
 * folder of each tenant; the index, which every query reads, lies outside of them and stays. Without cold days nothing
 * is moved any more.
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
 * As ObjectStore's own rule: nothing versions the bucket, but where an administrator turns that on, deleted chunks must
 * still go.
 */
const oldVersions = { ID: "old-versions", Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 1 } };
