import type { SettingProblem } from "./problem";

/**
 * Dangers that the setting `allow` can name. Changes that Kubernetes itself refuses are not in the list: allowing them
 * would not help.
 */
export const dangerNames = [
  "retention-cut",
  "schema-edited",
  "bucket-replaced",
  "namespace-moved",
  "minio-replaced",
  "tier-changed",
  "object-store-change",
  "minio-removed",
  "topology-change",
  "ingesters-removed",
  "chart-major-upgrade",
  "loki-downgrade",
  "data-unprotected",
  "passwords-swapped",
  "grafana-volume-removed",
] as const;

/** One of {@link dangerNames}. */
export type DangerName = (typeof dangerNames)[number];

/** A change that would lose stored logs or fail halfway. `key` is the setting that causes it. */
export interface Danger extends SettingProblem {
  /** The name to put in the setting `allow` to accept this danger. Default: it cannot be accepted. */
  allow?: DangerName;
}
