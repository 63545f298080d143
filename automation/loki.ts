import type { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../config/settings";
import { endpointsOf } from "../render/names";
import type { LokiAccess } from "./query";
import { serviceAddress } from "./serviceAddress";
import { openTunnel } from "./tunnel";

/** A stack's Loki as it is reached from here, until it is closed. */
export interface OpenLoki extends LokiAccess {
  close: () => Promise<void>;
}

/** Opens a way to a stack's Loki through the Kubernetes API. A query waits up to 30 s for a pod that is ready. */
export async function openLoki(settings: Settings, kubeConfig: KubeConfig, onProblem?: (text: string) => void): Promise<OpenLoki> {
  const tunnel = await openTunnel({ kubeConfig, ...serviceAddress(endpointsOf(settings).loki), waitSeconds: 30, onProblem });
  return { url: `http://${tunnel.host}:${tunnel.port}`, tenant: settings.tenant, close: () => tunnel.close() };
}
