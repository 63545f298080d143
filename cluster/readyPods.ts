import {
  CoreV1Api,
  DiscoveryV1Api,
  type KubeConfig,
  type V1EndpointSlice,
  type V1Service,
} from "@kubernetes/client-node";
import { codeOf } from "../domain/problem";

/** A pod that serves a port of a Service. */
export interface PodPort {
  pod: string;
  /** The pod's own port, with the Service's target port resolved. */
  port: number;
}

/**
 * The ready pods behind a port of a Service, in a stable order.
 * Empty while the Service does not exist or has no ready pod. Throws other errors of the API server.
 */
export async function readyPods(
  kubeConfig: KubeConfig,
  { namespace, service, port }: { namespace: string; service: string; port: number },
): Promise<PodPort[]> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const discovery = kubeConfig.makeApiClient(DiscoveryV1Api);
  try {
    const [found, slices] = await Promise.all([
      core.readNamespacedService({ namespace, name: service }),
      discovery.listNamespacedEndpointSlice({ namespace, labelSelector: `kubernetes.io/service-name=${service}` }),
    ]);
    return podPorts(found, slices.items, port);
  } catch (error) {
    if (codeOf(error) === 404) {
      return [];
    }
    throw error;
  }
}

/** Pure part of {@link readyPods}: a slice lists its ports by name, with the target port resolved for its pods. */
export function podPorts(service: V1Service, slices: readonly V1EndpointSlice[], port: number): PodPort[] {
  const servicePort = service.spec?.ports?.find((candidate) => candidate.port === port);
  if (servicePort === undefined) {
    return [];
  }
  const found = slices.flatMap((slice) => {
    const target = slice.ports?.find((candidate) => (candidate.name ?? "") === (servicePort.name ?? ""))?.port;
    if (target === undefined) {
      return [];
    }
    return slice.endpoints
      .filter((endpoint) => endpoint.conditions?.ready !== false && endpoint.targetRef?.kind === "Pod")
      .map((endpoint) => ({ pod: endpoint.targetRef?.name ?? "", port: target }));
  });
  return found.filter(({ pod }) => pod !== "").sort((a, b) => a.pod.localeCompare(b.pod));
}
