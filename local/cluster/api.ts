import {
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Health,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from "@kubernetes/client-node";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import { fillImages } from "./imageName";

const manifests = path.join(__dirname, "manifests");

/** What the cluster needs besides the node itself: DNS for Services, and volumes. */
const deployments = [
  { namespace: "kube-system", name: "coredns" },
  { namespace: "local-path-storage", name: "local-path-provisioner" },
];

/** How long the kubelet may be silent before it counts as dead; it reports every 10 s. */
const silenceSeconds = 40;

export function connect(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}

/** Undefined if the API server is ready, else why not. */
export async function serverProblem(config: KubeConfig): Promise<string | undefined> {
  const ready = await new Health(config).readyz({ signal: AbortSignal.timeout(3000) }).catch(() => false);
  return ready ? undefined : "the API server does not answer";
}

/** Undefined if the node is ready and its kubelet alive, else why not. */
export async function nodeProblem(config: KubeConfig): Promise<string | undefined> {
  try {
    const node = await config.makeApiClient(CoreV1Api).readNode({ name: "logharbor" });
    const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
    if (ready?.status !== "True") return `the node is not ready: ${ready?.message ?? "it gives no reason"}`;
    // The kubelet renews the lease more often than the node's state, but creates it only some seconds later.
    const leases = config.makeApiClient(CoordinationV1Api);
    const lease = await leases
      .readNamespacedLease({ namespace: "kube-node-lease", name: "logharbor" })
      .catch(() => undefined);
    const heard = Math.max(
      ...[ready.lastHeartbeatTime, lease?.spec?.renewTime].map((time) => new Date(time ?? 0).getTime()),
    );
    const silence = (Date.now() - heard) / 1000;
    return silence > silenceSeconds ? `the kubelet has been silent for ${Math.round(silence)} s` : undefined;
  } catch {
    return "the node has not registered yet";
  }
}

/** Undefined if no pod still shows its state from before `since`, when the node started; else names one that does. */
export async function stalePodProblem(config: KubeConfig, since: Date): Promise<string | undefined> {
  const pods = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  const stale = pods.items.find((pod) =>
    pod.status?.containerStatuses?.some((container) => (container.state?.running?.startedAt ?? since) < since),
  );
  return stale && `pod ${stale.metadata?.namespace}/${stale.metadata?.name} has not restarted yet`;
}

/** Undefined if DNS and volumes work, else what is missing. */
export async function workloadProblem(config: KubeConfig): Promise<string | undefined> {
  const api = config.makeApiClient(AppsV1Api);
  for (const deployment of deployments) {
    const { status, metadata } = await api
      .readNamespacedDeployment(deployment)
      .catch(() => ({ status: undefined, metadata: undefined }));
    const current = status?.observedGeneration === metadata?.generation;
    if (!current || !status?.updatedReplicas || status.replicas !== status.availableReplicas) {
      return `${deployment.name} does not run${await lastWarning(config, deployment.namespace)}`;
    }
  }
  return undefined;
}

async function lastWarning(config: KubeConfig, namespace: string): Promise<string> {
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedEvent({ namespace, fieldSelector: "type=Warning" });
  const last = items.sort((a, b) => (a.lastTimestamp?.getTime() ?? 0) - (b.lastTimestamp?.getTime() ?? 0)).at(-1);
  return last?.message ? `: ${last.message}` : "";
}

/** Text of all manifests; we compare it to notice changes. */
export function manifestTexts(): string[] {
  return fs
    .readdirSync(manifests)
    .sort()
    .map((file) => fillImages(fs.readFileSync(path.join(manifests, file), "utf8")));
}

/** Creates or updates the objects of manifests/. */
export async function applyManifests(config: KubeConfig): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const document of manifestTexts().flatMap((text) => parseAllDocuments(text))) {
    const object = document.toJS() as KubernetesObject;
    await api.patch(object, undefined, undefined, "logharbor-local", true, PatchStrategy.ServerSideApply);
  }
}
