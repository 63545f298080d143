import type { Settings } from "../../config/settings";
import type { Danger } from "../../domain/danger";
import { parseQuantity } from "../../domain/quantity";
import type { Replicas } from "../../domain/topologies";
import { planOf } from "../../render/plan";
import type { Existing, ExistingPart, Volume } from "./existing";

/** The volumes that the StatefulSets of a part should have. */
interface Wanted {
  /** The setting with their size. */
  key: string;
  namespace: string;
  /** Names of the StatefulSets. */
  names: string[];
  volumeSize: string;
  storageClass?: string;
}

/** Changes of volumes that Kubernetes would refuse, such as a smaller size. */
export function changedVolumes(existing: Existing, settings: Settings): Danger[] {
  const { minio, loki } = planOf(settings);
  return [
    ...(minio !== undefined && minio.servers > 1
      ? ofPart(existing.minio, { ...minio, key: "minio.volumeSize", names: ["minio"] })
      : []),
    ...ofPart(existing.loki, { ...loki, key: "loki.volumeSize", names: lokiSets(loki.topology.replicas) }),
    ...standaloneVolume(existing, settings),
  ];
}

function lokiSets({ singleBinary, write, backend }: Replicas): string[] {
  return [
    ...(singleBinary > 0 ? ["loki"] : []),
    ...(write > 0 ? ["loki-write"] : []),
    ...(backend > 0 ? ["loki-backend"] : []),
  ];
}

function ofPart({ workloads, claims }: ExistingPart, wanted: Wanted): Danger[] {
  return wanted.names.flatMap((name) => {
    const workload = workloads.find((candidate) => candidate.kind === "StatefulSet" && candidate.name === name);
    const own = claims.filter((claim) => new RegExp(`-${name}-\\d+$`).test(claim.name));
    if (workload === undefined) return smallClaims(own, wanted);
    // The templates of one StatefulSet have one size.
    return workload.volumes.slice(0, 1).flatMap((volume) => changedTemplate(name, { volume, claims: own, wanted }));
  });
}

/** Kubernetes refuses to change the volumes of a StatefulSet: the upgrade would fail halfway. */
function changedTemplate(
  name: string,
  { volume, claims, wanted }: { volume: Volume; claims: ExistingPart["claims"]; wanted: Wanted },
): Danger[] {
  const { key, storageClass, volumeSize } = wanted;
  if (volume.storageClass !== storageClass) {
    return [
      {
        key: "storageClass",
        problem:
          `is ${storageClass ?? "unset"}, but the volumes of StatefulSet ${name} have ` +
          `${volume.storageClass ?? "the default class"}, and Kubernetes refuses to change it`,
        remedy: `set it back to ${volume.storageClass ?? "what it was: unset"}`,
      },
    ];
  }
  const [is, wants] = [parseQuantity(volume.size), parseQuantity(volumeSize)];
  if (is === wants) return [];
  if (wants < is) {
    return [
      {
        key,
        problem: `is ${volumeSize}, below the ${volume.size} of StatefulSet ${name}: a volume can't shrink`,
        remedy: `set it back to ${volume.size}`,
      },
    ];
  }
  return [
    {
      key,
      problem:
        `is ${volumeSize}, above the ${volume.size} of StatefulSet ${name}, whose volumes Kubernetes refuses to ` +
        "change: up would fail halfway",
      remedy: growth(name, claims, wanted),
    },
  ];
}

/** To enlarge volumes, the operator deletes the StatefulSet. Before up creates it again, the claims must have grown. */
function smallClaims(claims: ExistingPart["claims"], { key, volumeSize }: Wanted): Danger[] {
  const small = claims.filter(({ size }) => parseQuantity(size) < parseQuantity(volumeSize));
  if (small.length === 0) return [];
  return [
    {
      key,
      problem: `is ${volumeSize}, but ${small.map(({ name, size }) => `${name} has ${size}`).join(", ")}`,
      remedy: `let the claims grow first, or set it back to ${small[0]?.size}`,
    },
  ];
}

function growth(statefulSet: string, claims: ExistingPart["claims"], { namespace, volumeSize }: Wanted): string {
  const fixed = claims.filter(({ expandable }) => !expandable);
  if (fixed.length > 0)
    return `set it back: the StorageClass of ${fixed.map(({ name }) => name).join(", ")} does not let volumes grow`;
  const patch =
    `kubectl -n ${namespace} patch pvc ${claims.map(({ name }) => name).join(" ")} -p ` +
    `'{"spec":{"resources":{"requests":{"storage":"${volumeSize}"}}}}'`;
  return (
    "let the claims grow, delete the StatefulSet without its pods, then run up, which creates it again:  " +
    `${patch} && kubectl -n ${namespace} delete statefulset ${statefulSet} --cascade=orphan`
  );
}

function standaloneVolume({ minio }: Existing, settings: Settings): Danger[] {
  const claim = minio.claims.find(({ name }) => name === "minio");
  const { servers, volumeSize } = settings.minio;
  if (claim === undefined || servers > 1) return [];
  const [is, wants] = [parseQuantity(claim.size), parseQuantity(volumeSize)];
  const refused = (why: string): Danger[] => [
    { key: "minio.volumeSize", problem: `is ${volumeSize}, ${why}`, remedy: `set it back to ${claim.size}` },
  ];
  if (wants < is) return refused(`below the ${claim.size} that MinIO has: a volume can't shrink`);
  if (wants > is && !claim.expandable)
    return refused(`above the ${claim.size} that MinIO has, and its StorageClass does not let volumes grow`);
  return [];
}
