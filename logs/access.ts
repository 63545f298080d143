import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { Settings } from "../config/settings";
import { planOf } from "../render/plan";
import { secretNames } from "../domain/names";
import { OperatorError, textOf } from "../domain/problem";
import type { LokiAccess } from "./query";
import { serviceAddress } from "../cluster/serviceAddress";
import { openTunnel } from "../cluster/tunnel";

/** A stack's Loki as it is reached from here, until it is closed. */
export interface OpenLoki extends LokiAccess {
  close: () => Promise<void>;
}

/** Opens a way to a stack's Loki through the Kubernetes API. A query waits up to 30 s for a pod that is ready. */
export async function openLoki(
  settings: Settings,
  kubeConfig: KubeConfig,
  onProblem?: (text: string) => void,
): Promise<OpenLoki> {
  const password = await tenantPassword(settings, kubeConfig);
  const tunnel = await openTunnel({
    kubeConfig,
    ...serviceAddress(planOf(settings).addresses.loki),
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
 * Password of the stack's tenant at the gateway; undefined where that asks for none.
 * @throws OperatorError if the Secret that holds it can't be read.
 */
async function tenantPassword(
  { gateway, namespaces, tenant }: Settings,
  kubeConfig: KubeConfig,
): Promise<string | undefined> {
  if (gateway.authentication === "none") return undefined;
  try {
    const { data } = await kubeConfig
      .makeApiClient(CoreV1Api)
      .readNamespacedSecret({ namespace: namespaces.loki, name: secretNames.tenants });
    return Buffer.from(data?.[tenant] ?? "", "base64").toString("utf8");
  } catch (error) {
    throw new OperatorError(
      `The password of tenant ${tenant} can't be read (${textOf(error).split("\n")[0]}).`,
      `it is in Secret ${secretNames.tenants} of namespace ${namespaces.loki}: is the stack up, and may you read it?`,
    );
  }
}
