import type { SettingProblem } from "./problem";

/**
 * Dangers that the setting `allow` can name. What Kubernetes refuses in any case is not among them: there only the
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

/** A change that would lose stored logs, or fail half way. `key` is the setting that brings it. */
export interface Danger extends SettingProblem {
  /** The name under which `allow` lets it pass. Default: nothing lets it pass. */
  allow?: DangerName;
}
