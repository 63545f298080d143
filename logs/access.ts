import type { KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../config/settings";
import { addressesOf } from "../render/addresses";
import { secretNames } from "../domain/names";
import { OperatorError, textOf } from "../domain/problem";
import type { LokiAccess } from "./query";
import { secretContent } from "../cluster/secret";
import { serviceAddress } from "../cluster/serviceAddress";
import { openTunnel } from "../cluster/tunnel";

/** A connection from this machine to a stack's Loki, open until `close`. */
export interface OpenLoki extends LokiAccess {
  close: () => Promise<void>;
}

/** Connects to a stack's Loki through the Kubernetes API. A query waits up to 30 s for a ready pod. */
export async function openLoki(
  settings: Settings,
  kubeConfig: KubeConfig,
  onProblem?: (text: string) => void,
): Promise<OpenLoki> {
  const password = await tenantPassword(settings, kubeConfig);
  const tunnel = await openTunnel({
    kubeConfig,
    ...serviceAddress(addressesOf(settings).loki),
    waitSeconds: 30,
    onProblem,
  });
  return {
    url: `http://${tunnel.host}:${tunnel.port}`,
    tenant: settings.tenant,
    password,
    close: () => tunnel.close(),
  };
}

/**
 * Password of the stack's tenant at the gateway; undefined if the gateway asks for none.
 * @throws OperatorError if the Secret that holds it can't be read.
 */
async function tenantPassword(
  { gateway, namespaces, tenant }: Settings,
  kubeConfig: KubeConfig,
): Promise<string | undefined> {
  if (gateway.authentication === "none") return undefined;
  try {
    const passwords = await secretContent(kubeConfig, { namespace: namespaces.loki, name: secretNames.tenants });
    return passwords[tenant] ?? "";
  } catch (error) {
    throw new OperatorError(
      `The password of tenant ${tenant} can't be read (${textOf(error).split("\n")[0]}).`,
      `it is in Secret ${secretNames.tenants} of namespace ${namespaces.loki}: check that the stack is up and that you may read it`,
    );
  }
}
