import type { V1Pod } from "@kubernetes/client-node";
import { askPod, type PodAnswer, type Trust } from "../../cluster/podWeb";
import { canaryName, eventsName, podPorts, ports } from "../../domain/names";
import { codeOf, textOf } from "../../domain/problem";
import type { AlloyComponent, AlloyState, CanaryState, GrafanaState, LokiState, MinioState, Shown } from "../facts";
import { parseMetrics, type Metrics } from "../metrics";
import type { Place as PartPlace } from "../finding";
import type { Place } from "./home";

/** Where a pod of the platform is asked. */
export interface Door {
  part: PartPlace;
  pod: V1Pod;
  port: number;
  tls?: boolean;
  trust?: Trust;
}

/** Asks pods over HTTP. Notes what their answers show of clocks and certificates. */
export class Web {
  readonly shown: Shown[] = [];

  constructor(private readonly place: Place) {}

  /** The answer of a pod, or why there is none. Undefined if we may not ask. */
  async ask(
    { part, pod, ...port }: Door,
    path: string,
    headers?: Record<string, string>,
  ): Promise<PodAnswer | { problem: string } | undefined> {
    const { name = "", namespace = "" } = pod.metadata ?? {};
    return this.place.sight.see(`get and create pods/portforward in ${namespace}`, async () => {
      try {
        const answer = await askPod(this.place.kubeConfig, { namespace, pod: name, ...port }, { path, headers });
        const { aheadMs, certificateEnds } = answer;
        this.shown.push({ part, pod: name, node: pod.spec?.nodeName, aheadMs, certificateEnds });
        return answer;
      } catch (error) {
        if (codeOf(error) === 401 || codeOf(error) === 403) throw error;
        return { problem: whyNot(textOf(error)) };
      }
    });
  }

  async metrics(door: Door): Promise<Metrics | undefined> {
    const answer = await this.ask(door, "/metrics");
    return answer !== undefined && "body" in answer && answer.status === 200 ? parseMetrics(answer.body) : undefined;
  }
}

/** The end of a message of the container runtime says why a port can't be reached. Pure. */
export function whyNot(text: string): string {
  return /connect: connection refused/.test(text) ? "nothing listens on its port" : (text.split("\n")[0] ?? text);
}

/** Pods that run, and so may answer. */
export function running(pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter(
    ({ metadata, status }) => status?.phase === "Running" && metadata?.deletionTimestamp === undefined,
  );
}

/** Every process of Loki, without gateways and caches. */
export async function lokisOf(web: Web, pods: readonly V1Pod[]): Promise<LokiState[]> {
  const processes = running(pods).filter(isLokiProcess);
  return Promise.all(
    processes.map(async (pod) => {
      const door: Door = { part: "loki", pod, port: ports.lokiHttp };
      const [ready, metrics] = await Promise.all([web.ask(door, "/ready"), web.metrics(door)]);
      return {
        pod: pod.metadata?.name ?? "",
        ...(ready === undefined ? {} : "problem" in ready ? { silent: ready.problem } : { ready }),
        ...(metrics === undefined ? {} : { metrics: { first: metrics } }),
      };
    }),
  );
}

export function isLokiProcess({ metadata }: V1Pod): boolean {
  return ["single-binary", "write", "read", "backend"].includes(
    metadata?.labels?.["app.kubernetes.io/component"] ?? "",
  );
}

/** A ready process of Loki that answers queries. */
export function lokiReader(pods: readonly V1Pod[]): V1Pod | undefined {
  return running(pods).find(
    ({ metadata, status }) =>
      ["single-binary", "read"].includes(metadata?.labels?.["app.kubernetes.io/component"] ?? "") &&
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
  );
}

/** Whether a pod of Alloy's namespace is a canary. */
function isCanary({ metadata }: V1Pod): boolean {
  return metadata?.labels?.["app.kubernetes.io/name"] === canaryName;
}

/** Whether a pod of Alloy's namespace reads the lines of its node: neither the canary nor the reader of events does. */
export function isCollector({ metadata }: V1Pod): boolean {
  return ![canaryName, eventsName].includes(metadata?.labels?.["app.kubernetes.io/name"] ?? "");
}

/** Every canary. */
export async function canariesOf(web: Web, pods: readonly V1Pod[]): Promise<CanaryState[]> {
  return inTurns(running(pods).filter(isCanary), async (pod) => {
    const metrics = await web.metrics({ part: "alloy", pod, port: ports.canary });
    return {
      pod: pod.metadata?.name ?? "",
      node: pod.spec?.nodeName ?? "",
      ...(metrics === undefined ? {} : { metrics: { first: metrics } }),
    };
  });
}

/** Every Alloy. */
export async function alloysOf(web: Web, pods: readonly V1Pod[]): Promise<AlloyState[]> {
  return inTurns(running(pods).filter(isCollector), async (pod) => {
    const door: Door = { part: "alloy", pod, port: ports.alloy };
    const [components, metrics] = await Promise.all([web.ask(door, "/api/v0/web/components"), web.metrics(door)]);
    return {
      pod: pod.metadata?.name ?? "",
      node: pod.spec?.nodeName ?? "",
      ...(components === undefined
        ? {}
        : "problem" in components
          ? { silent: components.problem }
          : { components: componentsIn(components.body) }),
      ...(metrics === undefined ? {} : { metrics: { first: metrics } }),
    };
  });
}

/** The components in Alloy's answer at `/api/v0/web/components`. Pure. */
export function componentsIn(body: string): AlloyComponent[] {
  const list = JSON.parse(body) as { localID: string; health: { state: string; message?: string } }[];
  return list.map(({ localID, health }) => ({ id: localID, health: health.state, message: health.message ?? "" }));
}

/** Every MinIO server; the first one also answers for all of them. */
export async function miniosOf(web: Web, pods: readonly V1Pod[], tls: boolean): Promise<MinioState[]> {
  const servers = running(pods).filter(({ metadata }) => metadata?.labels?.app === "minio");
  return Promise.all(
    servers.map(async (pod, index) => {
      const door: Door = { part: "minio", pod, port: ports.minioApi, tls };
      const live = await web.ask(door, "/minio/health/live");
      const cluster = index === 0 ? await web.ask(door, "/minio/health/cluster") : undefined;
      return {
        pod: pod.metadata?.name ?? "",
        ...(live === undefined ? {} : "problem" in live ? { silent: live.problem } : { live: live.status }),
        ...(cluster !== undefined && "status" in cluster ? { cluster: cluster.status } : {}),
      };
    }),
  );
}

/** Every Grafana. */
export async function grafanasOf(web: Web, pods: readonly V1Pod[]): Promise<GrafanaState[]> {
  return Promise.all(
    running(pods).map(async (pod) => {
      const health = await web.ask({ part: "grafana", pod, port: podPorts.grafana }, "/api/health");
      return {
        pod: pod.metadata?.name ?? "",
        ...(health === undefined ? {} : "problem" in health ? { silent: health.problem } : { health }),
      };
    }),
  );
}

/** Adds a second look at the metrics of each process. */
export async function watchedAgain<T extends LokiState | AlloyState | CanaryState>(
  states: readonly T[],
  again: (state: T) => Promise<Metrics | undefined>,
): Promise<T[]> {
  return inTurns(states, async (state) => {
    if (state.metrics === undefined) return state;
    return { ...state, metrics: { ...state.metrics, later: await again(state) } };
  });
}

/** How many pods of a large cluster are asked at the same time. */
const atOnce = 16;

/** Does the work for all items, a few at a time, and returns the results in order. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
