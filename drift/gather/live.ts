import { ifSeen } from "../../cluster/looks";
import type { KubeApi } from "../../cluster/kubeApi";
import { opened } from "../../diff/sealed";
import { textAt } from "../../diff/json";
import { thingKey, type Thing } from "../../diff/thing";
import { codeOf } from "../../domain/problem";
import type { LiveObject, Pair } from "../objects";

/** How many questions the API server gets at a time. */
const atOnce = 8;

/**
 * The live object of each object that was wanted. What we may not see is named in `unseen` instead. Rejects if the API
 * server does not answer.
 */
export async function livePairs(api: KubeApi, wanted: readonly Thing[]): Promise<{ pairs: Pair[]; unseen: string[] }> {
  const paths = new ObjectPaths(api);
  const read = async (thing: Thing) => {
    const path = await paths.of(thing);
    return path === undefined ? null : api.get<LiveObject>(path);
  };
  const found: [Thing, LiveObject | null | undefined][] = [];
  for (let at = 0; at < wanted.length; at += atOnce) {
    const some = wanted.slice(at, at + atOnce).map(async (thing) => [thing, await ifSeen(read(thing), null)] as const);
    found.push(...(await Promise.all(some)).map(([thing, live]): (typeof found)[number] => [thing, live]));
  }
  return {
    pairs: found.flatMap(([thing, live]): Pair[] =>
      live === undefined ? [] : [{ wanted: thing, ...(live === null ? {} : { live }) }],
    ),
    unseen: found.flatMap(([thing, live]) => (live === undefined ? [thingKey(thing)] : [])),
  };
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Where objects are in the API. */
export class ObjectPaths {
  private readonly known = new Map<string, Promise<ApiResource[]>>();

  constructor(private readonly api: KubeApi) {}

  /** The path of an object; undefined if the cluster does not know its kind. */
  async of({ kind, name, namespace, content }: Thing): Promise<string | undefined> {
    const version = textAt(opened(content), "apiVersion") ?? "v1";
    const resource = (await this.resources(version)).find((one) => one.kind === kind && !one.name.includes("/"));
    if (resource === undefined) return undefined;
    const place = resource.namespaced ? `namespaces/${namespace ?? "default"}/` : "";
    return `${pathOf(version)}/${place}${resource.name}/${encodeURIComponent(name)}`;
  }

  private async resources(version: string): Promise<ApiResource[]> {
    const found =
      this.known.get(version) ??
      this.api.get<{ resources: ApiResource[] }>(pathOf(version)).then(
        ({ resources }) => resources,
        (error: unknown) => {
          if (codeOf(error) === 404) return [];
          throw error;
        },
      );
    this.known.set(version, found);
    return found;
  }
}

function pathOf(version: string): string {
  return version.includes("/") ? `apis/${version}` : `api/${version}`;
}
