import type { Settings } from "../../config/settings";
import { alertmanagerName, ports } from "../../domain/names";

/**
 * Addresses of every Alertmanager that gets the stack's alerts; empty if nobody does. Each of several replicas gets
 * each alert. They tell each other what they have sent.
 */
export function alertmanagerUrls({ alerts, namespaces }: Pick<Settings, "alerts" | "namespaces">): string[] {
  const addresses = {
    none: [],
    existing: alerts.existing.urls,
    own: replicaUrls(alerts.own.instances, namespaces.loki),
  };
  return addresses[alerts.alertmanager];
}

function replicaUrls(replicas: number, namespace: string): string[] {
  return replicaHosts(replicas, namespace).map((host) => `http://${host}:${ports.alertmanager}`);
}

/** Host names of the replicas of the stack's own Alertmanager. */
export function replicaHosts(replicas: number, namespace: string): string[] {
  return Array.from(
    { length: replicas },
    (_, index) => `${alertmanagerName}-${index}.${alertmanagerName}.${namespace}.svc`,
  );
}
