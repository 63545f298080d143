import { hasMinio, type StoreChoice } from "./objectStore";

/** The parts of the platform, each with a namespace and a Helm release. */
export const partNames = ["minio", "loki", "alloy", "grafana"] as const;

/** One of {@link partNames}. */
export type Part = (typeof partNames)[number];

/** What decides which parts a stack has. */
export interface PartChoice {
  grafana: { enabled: boolean };
  objectStore: StoreChoice;
}

/** The parts that a stack has. Grafana can be left out, and MinIO if Loki stores elsewhere. */
export function usedParts({ grafana, objectStore }: PartChoice): Part[] {
  const has: Record<Part, boolean> = {
    minio: hasMinio(objectStore),
    loki: true,
    alloy: true,
    grafana: grafana.enabled,
  };
  return partNames.filter((part) => has[part]);
}
