import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { hasMinio } from "../../domain/objectStore";
import type { Existing } from "./existing";
import { removedGrafanaVolume } from "./grafana";
import { changedTier, replacedBuckets, replacedMinio, switchedTls, unprotectedData } from "./minio";
import { movedNamespaces } from "./namespaces";
import { changedStore, removedMinio } from "./objectStore";
import { cutRetention, editedSchema } from "./retention";
import { swappedPasswords, swappedRoot } from "./rotation";
import { changedTopology, removedIngesters } from "./topology";
import { changedCharts, downgradedLoki } from "./versions";
import { changedVolumes } from "./volumes";

/**
 * Every change that would lose logs or fail halfway if these settings were applied to what exists. Pure.
 * @param today the date in UTC, YYYY-MM-DD
 */
export function dangersOf(found: Existing, settings: Settings, today: string): Danger[] {
  // What happens to a MinIO that goes is one danger.
  const existing = hasMinio(settings.objectStore) ? found : withoutMinio(found);
  return [
    ...removedMinio(found, settings),
    ...changedStore(found, settings),
    ...movedNamespaces(existing, settings),
    ...replacedMinio(existing, settings),
    ...changedVolumes(existing, settings),
    ...switchedTls(existing, settings),
    ...changedTopology(existing, settings),
    ...removedIngesters(existing, settings),
    ...editedSchema(existing, settings, today),
    ...cutRetention(existing, settings),
    ...replacedBuckets(existing, settings),
    ...changedTier(existing, settings),
    ...changedCharts(existing, settings),
    ...downgradedLoki(existing, settings),
    ...unprotectedData(existing, settings),
    ...swappedPasswords(existing, settings),
    ...swappedRoot(existing, settings),
    ...removedGrafanaVolume(existing, settings),
  ];
}

function withoutMinio(existing: Existing): Existing {
  const homes = existing.homes.filter(({ part }) => part !== "minio");
  return { ...existing, minio: { workloads: [], claims: [] }, tier: undefined, homes };
}
