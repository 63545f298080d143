import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { tenantOf } from "../../config/tenants";
import { ports } from "../../domain/names";
import type { Marks } from "../../render/alloy/collect";
import type { AlloyState, Facts } from "../facts";
import type { Place } from "./home";
import { statsIn } from "../../logs/stats";
import { newestIn } from "./loki";
import { Sight } from "./sight";
import { lokiReader, Web } from "./web";

/** A pod whose logs somebody misses. */
export interface PodName {
  namespace: string;
  name: string;
  /** Default: all of its containers. */
  container?: string;
}

/** What was found out about one pod and its lines. A field that is undefined could not be seen. */
export interface PodFacts extends PodName {
  /** Null if it does not exist. */
  pod?: V1Pod | null;
  /** Names of the namespace's pods, if this one does not exist. */
  others: readonly string[];
  /** Annotations and labels of its namespace. */
  namespaceMarks?: Marks;
  /** The newest line that the kubelet has, of any of the containers; null if they wrote none. */
  written?: { at: Date; container: string } | null;
  /** The query that finds its lines. */
  query: string;
  /** Time of its newest line in Loki within the last day; null without one. */
  stored?: Date | null;
  /** Chunks in MinIO with its streams, of the hours before the newest line, and how many Loki has just read there. */
  chunks?: { known: number; read: number };
  /** Alloy on its node, if one runs there. */
  alloy?: AlloyState;
  /** What could not be seen, and the right that this takes. */
  unseen: readonly string[];
}

/** Looks at one pod and at its lines in Loki. Changes nothing. */
export async function gatherPod(target: Omit<Place, "sight">, wanted: PodName, stack: Facts): Promise<PodFacts> {
  const sight = new Sight();
  const { namespace, name, container } = wanted;
  const core = target.kubeConfig.makeApiClient(CoreV1Api);
  const query = queryFor(wanted, target.settings.alloy.podAs);
  const [pod, home] = await Promise.all([
    sight.one(`get pods in ${namespace}`, () => core.readNamespacedPod({ namespace, name })),
    sight.one(`get namespace ${namespace}`, () => core.readNamespace({ name: namespace })),
  ]);
  const others =
    pod === null
      ? ((await sight.see(`list pods in ${namespace}`, () => core.listNamespacedPod({ namespace })))?.items ?? [])
      : [];
  const containers = containersOf(pod ?? undefined).filter((one) => container === undefined || one === container);
  const web = new Web({ ...target, sight });
  const [written, stored] = await Promise.all([
    pod === undefined ? undefined : newestWritten({ sight, core }, wanted, containers),
    newestStored(web, { namespace, query }, stack),
  ]);
  const chunks = stored instanceof Date ? await chunksOf(web, { namespace, query, stored }, stack) : undefined;
  return {
    ...wanted,
    pod,
    others: others.map(({ metadata }) => metadata?.name ?? ""),
    namespaceMarks: home === undefined ? undefined : (home?.metadata ?? {}),
    written,
    query,
    stored,
    chunks,
    alloy: stack.alloys.find(({ node }) => pod?.spec?.nodeName === node),
    unseen: sight.unseen,
  };
}

/** The query that finds the lines of a pod. Pure. */
export function queryFor({ namespace, name, container }: PodName, podAs: "label" | "structured-metadata"): string {
  const of = (label: string, value: string) => `${label}=${JSON.stringify(value)}`;
  const labels = [
    of("namespace", namespace),
    ...(container === undefined ? [] : [of("container", container)]),
    ...(podAs === "label" ? [of("pod", name)] : []),
  ];
  return `{${labels.join(", ")}}${podAs === "label" ? "" : ` | ${of("pod", name)}`}`;
}

/** Names of the containers of a pod that have run, or run now. */
export function containersOf(pod: V1Pod | undefined): string[] {
  return [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])]
    .filter(({ state, lastState }) => [state?.running, state?.terminated, lastState?.terminated].some(Boolean))
    .map(({ name }) => name);
}

async function newestWritten(
  { sight, core }: { sight: Sight; core: CoreV1Api },
  { namespace, name }: PodName,
  containers: readonly string[],
): Promise<PodFacts["written"]> {
  const found = await Promise.all(
    containers.map(async (container) => ({
      container,
      text: await sight.see(`get pods/log in ${namespace}`, () =>
        core.readNamespacedPodLog({ name, namespace, container, tailLines: 1, timestamps: true }),
      ),
    })),
  );
  if (found.some(({ text }) => text === undefined)) return undefined;
  const lines = found.flatMap(({ container, text = "" }) => {
    const time = Date.parse(text.split(" ")[0] ?? "");
    return Number.isNaN(time) ? [] : [{ at: new Date(time), container }];
  });
  return lines.sort((a, b) => b.at.getTime() - a.at.getTime())[0] ?? null;
}

/** A query about the lines of a pod, and the namespace that decides whose they are. */
interface PodQuery {
  namespace: string;
  query: string;
}

async function newestStored(web: Web, { namespace, query }: PodQuery, stack: Facts): Promise<PodFacts["stored"]> {
  const parameters = { query, since: "24h", limit: "1", direction: "backward" };
  const body = await asked(web, stack, { namespace, path: "query_range", ...parameters });
  return body === undefined ? undefined : newestIn(body);
}

/** No chunk stays longer in Loki's memory, also if it is never full or idle. */
const storedWithin = "3h";

/** Loki's own figures about a query that has to read every chunk with lines of the pod. */
async function chunksOf(
  web: Web,
  { namespace, query, stored }: PodQuery & { stored: Date },
  stack: Facts,
): Promise<PodFacts["chunks"]> {
  const body = await asked(web, stack, {
    namespace,
    path: "query",
    query: `sum(count_over_time(${query} [${storedWithin}]))`,
    time: String(stored.getTime() / 1000 + 1),
  });
  if (body === undefined) return undefined;
  const { chunks, chunksDownloaded } = statsIn((JSON.parse(body) as { data: { stats?: unknown } }).data.stats);
  return { known: chunks, read: chunksDownloaded };
}

async function asked(
  web: Web,
  { homes, settings }: Facts,
  { namespace, path, ...parameters }: { path: "query" | "query_range" } & PodQuery & Record<string, string>,
): Promise<string | undefined> {
  const reader = lokiReader(homes.loki?.pods ?? []);
  if (reader === undefined) return undefined;
  const answer = await web.ask(
    { part: "loki", pod: reader, port: ports.lokiHttp },
    `/loki/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
    { "X-Scope-OrgID": tenantOf(namespace, settings) },
  );
  return answer !== undefined && "status" in answer && answer.status === 200 ? answer.body : undefined;
}
