/** The parts of the platform, each with a namespace and a Helm release. */
export const partNames = ["minio", "loki", "alloy", "grafana"] as const;

/** One of {@link partNames}. */
export type Part = (typeof partNames)[number];

/** The parts that a stack has. Only Grafana can be left out. */
export function usedParts({ grafana }: { grafana: { enabled: boolean } }): Part[] {
  return partNames.filter((part) => part !== "grafana" || grafana.enabled);
}
