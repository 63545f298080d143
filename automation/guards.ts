import type { KubeConfig } from "@kubernetes/client-node";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Settings } from "../config/settings";
import { minioUrl } from "../render/addresses";
import { hasMinio } from "../domain/objectStore";
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
    { code: "protected" },
  );
}

/**
 * The error that refuses an `up` without the MinIO that the state holds and protects; undefined if nothing is
 * protected, or MinIO stays. The engine would refuse too, but only after it has changed the rest. Pure.
 */
export function protectedMinioRefusal(stack: string, state: Deployment, settings: Settings): OperatorError | undefined {
  if (hasMinio(settings.objectStore)) return undefined;
  const urns = protectedResources(state)
    .filter(({ urn }) => /\$logharbor:index:(Minio|ObjectStore)\$/.test(urn))
    .map(({ urn }) => urn);
  if (urns.length === 0) return undefined;
  return new OperatorError(
    `The settings of stack "${stack}" have no MinIO, but its state protects one, so nothing was touched. Protected: ` +
      `${urns.map((urn) => urn.split("::").at(-1)).join(", ")}.`,
    [
      "to keep it beside the other store: pulumi config set --path logharbor:objectStore.moving true",
      "to give up its logs, once they are copied and read back (docs/object-store.md): " +
        urns.map((urn) => `pulumi state unprotect --stack ${stack} --yes '${urn}'`).join(" && "),
    ],
    { code: "protected" },
  );
}

/**
 * Refuses if the state holds MinIO's resources and MinIO can't be reached: a refresh would silently drop them from the
 * state, and the next `up` would collide with what still exists.
 */
export async function requireMinio(state: Deployment, settings: Settings, kubeConfig: KubeConfig): Promise<void> {
  if (minioResources(state).length === 0) return;
  if (!hasMinio(settings.objectStore))
    throw new OperatorError(
      "The state still holds a MinIO that the settings no longer have, and without its tunnel a refresh would drop its " +
        "buckets and users from the state, so nothing was done.",
      ["run up, which removes it", "or keep it: pulumi config set --path logharbor:objectStore.moving true"],
    );
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
    ...serviceAddress(minioUrl(settings)),
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
