import { KubeApi } from "../../cluster/kubeApi";
import { unreachable } from "../../cluster/clusterFacts";
import type { Deployed, LogStack } from "../../automation/logStack";
import { renderedCharts } from "../../automation/renderedCharts";
import { learnConfig, learnState } from "../../diff/gather/learning";
import { withoutSecrets } from "../../diff/gather/masking";
import { releaseType, thingsOfRelease, thingsOfState } from "../../diff/gather/things";
import { jsonAt, textAt, type JsonObject } from "../../diff/json";
import { Mask } from "../../diff/mask";
import { opened, sealed } from "../../diff/sealed";
import { thingKey, type Thing } from "../../diff/thing";
import { textOf } from "../../domain/problem";
import { driftReport, type Found } from "../judge";
import { wantedObjects } from "../objects";
import type { DriftReport } from "../report";
import { livePairs } from "./live";
import { storeThings } from "./store";

/**
 * How the cluster and MinIO differ from what the last `up` made: each object of the stack's state, and each that Helm
 * applied for its releases. Nothing is touched.
 * @throws OperatorError without a readable secret
 */
export async function driftOf(stack: LogStack): Promise<DriftReport> {
  const mask = new Mask();
  return withoutSecrets(mask, async () => driftReport(await lookedAt(stack, mask), mask));
}

/** What was looked at, and what mending it takes. */
export interface Seen extends Found {
  /** With which name Pulumi writes to each of the program's own objects, by the object's key. */
  managers: ReadonlyMap<string, string>;
}

/** What is there of a stack, with its secrets. The mask learns them. */
export async function lookedAt(stack: LogStack, mask: Mask): Promise<Seen> {
  const [settings, kubeConfig] = [await stack.settings(), await stack.kubeConfig()];
  const deployed = await stack.deployed();
  learnConfig(mask, deployed.config);
  learnState(mask, deployed.resources);
  const things = [...thingsOfState(deployed.resources), ...(await thingsOfCharts(stack, deployed))];
  const inStore = things.filter(({ maker }) => maker === "MinIO");
  const { pairs, unseen } = await livePairs(new KubeApi(kubeConfig), wantedObjects(things)).catch((error: unknown) => {
    throw unreachable(kubeConfig, error);
  });
  const releases = releasesOf(deployed);
  const managers = new Map(
    deployed.resources.flatMap((resource): [string, string][] => {
      const manager = resource.outputs?.__fieldManager;
      return typeof manager === "string"
        ? wantedObjects(thingsOfState([resource])).map((thing) => [thingKey(thing), manager])
        : [];
    }),
  );
  const store = await storeThings(kubeConfig, settings, inStore).then(
    (there) => ({ wanted: inStore, there, unseen: [] }),
    (error: unknown) => ({ wanted: [], there: [], unseen: [`MinIO (${textOf(error).split("\n")[0]})`] }),
  );
  return {
    stack: stack.name,
    pairs,
    managers,
    wanted: [...releases.wanted, ...store.wanted],
    there: [...releases.there, ...store.there],
    unseen: [...unseen, ...store.unseen],
  };
}

/** What Helm applied, with the marks that it puts on each object. */
async function thingsOfCharts(stack: LogStack, { releases }: Deployed): Promise<Thing[]> {
  if (releases.length === 0) return [];
  const { manifests } = await renderedCharts(
    { charts: [], manifests: releases.map(({ manifest }) => manifest) },
    {},
    stack.engine,
  );
  return releases.flatMap((release, index) => thingsOfRelease(release, manifests[index] ?? []));
}

/** Releases as the state has them, and as Helm's records have them. */
function releasesOf({ resources, releases }: Deployed): { wanted: Thing[]; there: Thing[] } {
  const thing = (name: string, namespace: string, content: JsonObject): Thing => ({
    maker: `release ${name}`,
    kind: "Release",
    name,
    namespace,
    content,
  });
  const wanted = resources
    .filter((resource) => resource.type === releaseType && resource.delete !== true)
    .flatMap(({ outputs = {} }) => {
      const clear = opened(sealed(outputs as JsonObject));
      const [name, namespace] = [textAt(clear, "name"), textAt(clear, "namespace")];
      const revision = jsonAt(clear, "status", "revision");
      return name === undefined || namespace === undefined || revision === undefined
        ? []
        : [thing(name, namespace, { revision, status: "deployed" })];
    });
  return {
    wanted,
    there: releases.map(({ name, namespace, revision, status }) => thing(name, namespace, { revision, status })),
  };
}
