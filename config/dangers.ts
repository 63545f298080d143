/** Dangers that the setting `allow` can name. */
export const dangerNames = ["retention-cut", "topology-change", "data-unprotected"] as const;
