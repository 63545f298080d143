import type { HelmRecord } from "../../cluster/helmRelease";

/** Helm's record of a revision. */
export const helmRecord = (revision: number, status: string, release = "loki"): HelmRecord => ({
  namespace: "logs",
  release,
  revision,
  status,
  secret: `sh.helm.release.v1.${release}.v${revision}`,
});
