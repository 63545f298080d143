import type { KubeConfig } from "@kubernetes/client-node";
import { openTunnel } from "../cluster/tunnel";
import { secretContent } from "../cluster/secret";
import { serviceAddress } from "../cluster/serviceAddress";
import type { Settings } from "../config/settings";
import { alertmanagerName, ports } from "../domain/names";
import { OperatorError, textOf } from "../domain/problem";
import type { AlertmanagerAccess } from "./alerts";

/** A connection from this machine to the Alertmanager of a stack, open until `close`. */
export interface OpenAlertmanager extends AlertmanagerAccess {
  close: () => Promise<void>;
}

/**
 * Connects to the Alertmanager that gets a stack's alerts: through the Kubernetes API if its address is in the cluster.
 * @throws OperatorError if the stack has none, or its login can't be read.
 */
export async function openAlertmanager(settings: Settings, kubeConfig: KubeConfig): Promise<OpenAlertmanager> {
  const { alerts, namespaces } = settings;
  if (alerts.alertmanager === "none")
    throw new OperatorError("This stack notifies nobody of its alerts.", "set alerts.alertmanager to own or existing");
  if (alerts.alertmanager === "own")
    return tunnelled(kubeConfig, {
      service: alertmanagerName,
      namespace: namespaces.loki,
      port: ports.alertmanager,
      tls: false,
    });
  const [url = ""] = alerts.existing.urls;
  const login =
    alerts.existing.login === undefined ? undefined : await loginOf(settings, kubeConfig, alerts.existing.login);
  const { pathname } = new URL(url);
  if (!isServiceUrl(url)) return { url: url.replace(/\/$/, ""), login, close: () => Promise.resolve() };
  const open = await tunnelled(kubeConfig, serviceAddress(url));
  return { ...open, url: `${open.url}${pathname.replace(/\/$/, "")}`, login };
}

/** Whether an address is that of a Service in the cluster. Pure. */
export function isServiceUrl(url: string): boolean {
  return /^[^.]+\.[^.]+\.svc(\.|$)/.test(new URL(url).hostname);
}

async function tunnelled(
  kubeConfig: KubeConfig,
  address: ReturnType<typeof serviceAddress>,
): Promise<OpenAlertmanager> {
  const tunnel = await openTunnel({ kubeConfig, ...address, waitSeconds: 30 });
  return { url: `http://${tunnel.host}:${tunnel.port}`, close: () => tunnel.close() };
}

async function loginOf(
  { namespaces }: Settings,
  kubeConfig: KubeConfig,
  name: string,
): Promise<AlertmanagerAccess["login"]> {
  try {
    const { username = "", password = "" } = await secretContent(kubeConfig, { namespace: namespaces.loki, name });
    return { username, password };
  } catch (error) {
    throw new OperatorError(
      `The login at the Alertmanager can't be read (${textOf(error).split("\n")[0]}).`,
      `it is in Secret ${name} of namespace ${namespaces.loki}: check that it exists and that you may read it`,
    );
  }
}
