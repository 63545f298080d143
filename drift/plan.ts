import { isSameRelease, type ReleaseName } from "../cluster/helmRelease";
import { compareValues } from "../diff/compare";
import { opened } from "../diff/sealed";
import { thingKey, type Thing } from "../diff/thing";
import { toldOf, type Found } from "./judge";
import { isSameMaker, type Pair } from "./objects";
import { isMended } from "./remedies";

/** What there is to mend, by how it is mended. */
export interface Plan {
  /** The program's own objects in the cluster: gone, or changed. */
  own: Pair[];
  /** Objects of charts that are there, and changed. */
  charts: Pair[];
  /** Releases of which an object is gone, or that somebody else upgraded or rolled back. */
  releases: ReleaseName[];
  /** Buckets that got a policy or versions, users that got policies or were disabled: the engine sees none of it. */
  store: Thing[];
  /** Whether something else differs in MinIO, which the engine sees once it has looked there again. */
  refresh: boolean;
}

/**
 * What to do about drift. What is another's under the name of one of ours is left to the gate of ownership, what was in
 * a namespace that is gone to a refresh, and a release without a record to the recovery. Pure.
 */
export function planOf({ pairs, wanted, there }: Found): Plan {
  const gone = pairs.flatMap(({ wanted: { kind, name }, live }) =>
    kind === "Namespace" && live === undefined ? [name] : [],
  );
  const isInGone = ({ kind, name, namespace = "" }: Thing) => gone.includes(kind === "Namespace" ? name : namespace);
  const drifted = pairs.filter((pair) => !isInGone(pair.wanted) && isDrifted(pair));
  const own = drifted.filter(({ wanted: { maker } }) => maker === "stack");
  const ofCharts = drifted.filter(({ wanted: { maker } }) => maker !== "stack");

  const is = new Map(there.map((thing) => [thingKey(thing), thing]));
  const besides = wanted.map((thing) => ({ thing, found: is.get(thingKey(thing)) })).filter(isOther);
  const changed = besides.flatMap(({ thing, found }) => (found === undefined ? [] : [thing]));
  const homes = wanted.filter(({ kind }) => kind === "Release").map(nameOf);
  const lacking = ofCharts.filter(({ live }) => live === undefined).map(({ wanted: { maker } }) => maker);
  const upgraded = changed.filter(({ kind }) => kind === "Release").map(nameOf);
  const store = changed.filter(({ kind }) => kind === "S3Bucket" || kind === "IamUser");
  return {
    own,
    charts: ofCharts.filter(({ live }) => live !== undefined),
    releases: homes.filter(
      (release) => lacking.includes(`release ${release.name}`) || upgraded.some((one) => isSameRelease(one, release)),
    ),
    store,
    refresh: besides.some(({ thing }) => thing.maker === "MinIO" && !store.includes(thing)),
  };
}

function isDrifted(pair: Pair): boolean {
  const told = toldOf(pair);
  return told === undefined || (isSameMaker(pair) && isOther({ thing: pair.wanted, found: told }));
}

/** Whether something differs that `up` can put back. */
function isOther({ thing, found }: { thing: Thing; found?: Thing }): boolean {
  if (found === undefined) return true;
  return compareValues(opened(thing.content), opened(found.content)).some(({ path }) => isMended(thing, path));
}

function nameOf({ name, namespace = "" }: Thing): ReleaseName {
  return { name, namespace };
}
