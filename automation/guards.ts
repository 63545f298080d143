import type { KubeConfig } from "@kubernetes/client-node";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Settings } from "../config/settings";
import { planOf } from "../render/plan";
import { OperatorError } from "../domain/problem";
import { givenEndpoint, whyUnhealthy } from "../cluster/minioEndpoint";
import { serviceAddress } from "../cluster/serviceAddress";
import { minioResources, protectedResources } from "./state";
import { openTunnel } from "../cluster/tunnel";

/** The error that refuses to destroy protected data; undefined if nothing is protected. Pure. */
export function protectedRefusal(stack: string, state: Deployment): OperatorError | undefined {
  const names = protectedResources(state).map(({ urn, type }) => `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`);
  if (names.length === 0) return undefined;
  return new OperatorError(
    `Stack "${stack}" holds protected logs, so nothing was touched. Protected: ${names.join(", ")}.`,
    [
      "to keep the logs, do nothing",
      `to give them up: pulumi config set --stack ${stack} logharbor:protectData false, then npm run up -- ` +
        `--stack ${stack}, then destroy again`,
    ],
  );
}

/**
 * Refuses if the state holds MinIO's resources and MinIO can't be reached: a refresh would silently drop them from the
 * state, and the next `up` would collide with what still exists.
 */
export async function requireMinio(state: Deployment, settings: Settings, kubeConfig: KubeConfig): Promise<void> {
  if (minioResources(state).length === 0) return;
  const problem = await whyUnreachable(settings, kubeConfig);
  if (problem === undefined) return;
  throw new OperatorError(
    `MinIO can't be reached, and a refresh would drop its buckets and users from the state, so nothing was done: ${problem}.`,
    [
      `bring MinIO back first: kubectl get pods -n ${settings.namespaces.minio}`,
      "if it is gone for good: destroy the stack, then run up",
    ],
  );
}

/** How long a running server may take to answer. */
const healthSeconds = 30;

async function whyUnreachable(settings: Settings, kubeConfig: KubeConfig): Promise<string | undefined> {
  if (settings.minio.endpoint !== undefined)
    return whyUnhealthy(givenEndpoint(settings.minio.endpoint, settings), healthSeconds);
  let problem: string | undefined;
  const tunnel = await openTunnel({
    kubeConfig,
    ...serviceAddress(planOf(settings).addresses.minio),
    waitSeconds: 20,
    onProblem: (text) => (problem = text),
  });
  try {
    const unhealthy = await whyUnhealthy(`http://${tunnel.host}:${tunnel.port}`, healthSeconds);
    return unhealthy === undefined ? undefined : (problem ?? unhealthy);
  } finally {
    await tunnel.close();
  }
}
