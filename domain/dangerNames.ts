/**
 * Dangers that the setting `allow` can name. What Kubernetes would refuse in any case is not among them: there only its
 * remedy helps.
 */
export const dangerNames = [
  "retention-cut",
  "schema-edited",
  "bucket-replaced",
  "namespace-moved",
  "minio-replaced",
  "tier-changed",
  "topology-change",
  "ingesters-removed",
  "chart-major-upgrade",
  "loki-downgrade",
  "data-unprotected",
] as const;

export type DangerName = (typeof dangerNames)[number];

/** A change that would lose stored logs, or fail half way. */
export interface Danger {
  /** Setting that brings it. */
  key: string;
  /** What would happen, continuing "<key> …". */
  problem: string;
  /** What to do instead; shell commands where there are some. */
  remedy: string;
  /** By which `allow` lets it pass; undefined where nothing does. */
  allow?: DangerName;
}
