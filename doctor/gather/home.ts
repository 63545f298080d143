import {
  AppsV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  NetworkingV1Api,
  type KubeConfig,
  type V1EndpointSlice,
  type V1Pod,
} from "@kubernetes/client-node";
import { helmRecords } from "../../cluster/helmRelease";
import { KubeApi } from "../../cluster/kubeApi";
import type { Settings } from "../../config/settings";
import type { Part } from "../../domain/parts";
import { codeOf } from "../../domain/problem";
import { podGroups } from "../../render/networkPolicies";
import { kindPaths } from "../../render/objects";
import { podLabelsOf, type Owner } from "../../render/ownership";
import type { Home } from "../facts";
import type { Sight } from "./sight";

/** Lines of each container that are read, and how old they may be in seconds. */
const logs = { tailLines: 400, sinceSeconds: 600, limitBytes: 400_000 };

/** The stack whose parts are looked at, and how. */
export interface Place {
  kubeConfig: KubeConfig;
  settings: Settings;
  owner: Owner;
  sight: Sight;
}

/** What is in the namespace of a part. */
export async function homeOf(part: Part, { kubeConfig, settings, owner, sight }: Place): Promise<Home> {
  const namespace = settings.namespaces[part];
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const apps = kubeConfig.makeApiClient(AppsV1Api);
  const api = new KubeApi(kubeConfig);
  const see = async <T>(what: string, look: () => Promise<{ items: T[] }>): Promise<T[] | undefined> =>
    (await sight.see(`list ${what} in ${namespace}`, look))?.items;
  const metadata = (kind: keyof typeof kindPaths, what: string) =>
    see(what, async () => ({ items: await api.list(kindPaths[kind], { namespace }) }));

  const [found, all, claims, deployments, statefulSets, daemonSets] = await Promise.all([
    sight.one(`get namespace ${namespace}`, () => core.readNamespace({ name: namespace })),
    see("pods", () => core.listNamespacedPod({ namespace })),
    see("persistentvolumeclaims", () => core.listNamespacedPersistentVolumeClaim({ namespace })),
    see("deployments", () => apps.listNamespacedDeployment({ namespace })),
    see("statefulsets", () => apps.listNamespacedStatefulSet({ namespace })),
    see("daemonsets", () => apps.listNamespacedDaemonSet({ namespace })),
  ]);
  const [policies, services, slices, secrets, configMaps, accounts, events, releases] = await Promise.all([
    see("networkpolicies", () => kubeConfig.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({ namespace })),
    metadata("Service", "services"),
    see("endpointslices", () => kubeConfig.makeApiClient(DiscoveryV1Api).listNamespacedEndpointSlice({ namespace })),
    metadata("Secret", "secrets"),
    metadata("ConfigMap", "configmaps"),
    metadata("ServiceAccount", "serviceaccounts"),
    see("events", () => core.listNamespacedEvent({ namespace })),
    sight.see(`list secrets in ${namespace}`, () => helmRecords(kubeConfig, [namespace])),
  ]);
  const pods = all?.filter((pod) => isOf(part, pod, { settings, owner }));
  return {
    namespace,
    exists: found !== null,
    pods,
    claims,
    deployments,
    statefulSets,
    daemonSets,
    policies,
    releases: releases?.filter(({ release }) => release === part),
    events,
    services:
      services === undefined || slices === undefined
        ? undefined
        : new Map(services.map(({ name }) => [name, readyBehind(name, slices)])),
    secrets: secrets && new Map(secrets.map((secret) => [secret.name, changedAt(secret)])),
    names: {
      ...(configMaps === undefined ? {} : { ConfigMap: configMaps.map(({ name }) => name) }),
      ...(accounts === undefined ? {} : { ServiceAccount: accounts.map(({ name }) => name) }),
    },
    logs: await logsOf(pods ?? [], core, sight),
  };
}

/** Whether a pod is one of the part's. Pure. */
export function isOf(
  part: Part,
  { metadata }: V1Pod,
  { settings, owner }: { settings: Settings; owner: Pick<Owner, "stack"> },
): boolean {
  const labels = metadata?.labels ?? {};
  const holds = (wanted: Record<string, string>) =>
    Object.entries(wanted).every(([label, value]) => labels[label] === value);
  return (
    holds(podLabelsOf(part, settings, owner)) &&
    Object.values(podGroups).some(
      ({ part: home, selector: { matchLabels = {}, matchExpressions = [] } }) =>
        home === part &&
        holds(matchLabels) &&
        matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? "")),
    )
  );
}

function readyBehind(service: string, slices: readonly V1EndpointSlice[]): number {
  return slices
    .filter(({ metadata }) => metadata?.labels?.["kubernetes.io/service-name"] === service)
    .flatMap(({ endpoints }) => endpoints ?? []) // null where no pod is behind it
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

/** When an object was last written, as far as the API server records it. Label changes count too. */
function changedAt({
  creationTimestamp,
  managedFields = [],
}: {
  creationTimestamp?: string;
  managedFields?: { time?: string }[];
}): Date {
  const times = [creationTimestamp, ...managedFields.map(({ time }) => time)].map((time) => Date.parse(time ?? ""));
  return new Date(Math.max(0, ...times.filter((time) => !Number.isNaN(time))));
}

async function logsOf(pods: readonly V1Pod[], core: CoreV1Api, sight: Sight): Promise<Map<string, string>> {
  const found = await Promise.all(
    pods.flatMap(({ metadata, status }) =>
      (status?.containerStatuses ?? [])
        .filter(({ state }) => state?.waiting === undefined)
        .map(async ({ name: container }): Promise<[string, string][]> => {
          const { name = "", namespace = "" } = metadata ?? {};
          const text = await sight.see(`get pods/log in ${namespace}`, () =>
            core.readNamespacedPodLog({ name, namespace, container, ...logs }).catch((error: unknown) => {
              // A container or pod that has just ended has no log any more; its state says what happened.
              if (codeOf(error) === 400 || codeOf(error) === 404) return "";
              throw error;
            }),
          );
          return text === undefined ? [] : [[`${name}/${container}`, text]];
        }),
    ),
  );
  return new Map(found.flat());
}
