import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { HttpProxyAgent, HttpsProxyAgent } from "hpagent";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../config/reader";
import { clusterIn } from "../config/stackConfig";
import type { Settings } from "../config/settings";
import { minioUrl } from "../render/addresses";
import { speaksTls } from "../render/tls";
import { OperatorError, textOf } from "../domain/problem";
import { loadKubeConfig } from "./kubeconfig";
import { proxyFor } from "./proxy";
import { serviceAddress } from "./serviceAddress";
import { openTunnel, type Tunnel } from "./tunnel";

/**
 * URL at which the MinIO provider reaches the server while the program runs: the address from the settings, else a
 * tunnel through the Kubernetes API. The tunnel uses the same port in every run if it can, because the provider keeps
 * it in the state. The language host keeps the program's process alive until the engine is done with deletes and
 * refreshes, and so the tunnel stays open.
 * @param onTunnel called with that tunnel, for whoever runs the program in a process that goes on
 */
export async function minioEndpoint(settings: Settings, onTunnel: (tunnel: Tunnel) => void): Promise<string> {
  if (settings.minio.endpoint !== undefined) return givenEndpoint(settings.minio.endpoint, settings);
  const wanted = settings.minio.tunnelPort;
  const tunnel = await openTunnel({
    kubeConfig: loadKubeConfig(clusterIn(readConfig())),
    ...serviceAddress(minioUrl(settings)),
    localPort: wanted,
    onProblem: (text) => void pulumi.log.warn(`tunnel to MinIO: ${text}`).catch(() => undefined), // the engine may be gone by then
  });
  onTunnel(tunnel);
  if (tunnel.port !== wanted)
    await pulumi.log.warn(
      `port ${wanted} is in use, so the tunnel to MinIO has port ${tunnel.port} this time; the MinIO provider counts as ` +
        "updated (logharbor:minio.tunnelPort chooses another port)",
    );
  return `http://${tunnel.host}:${tunnel.port}`;
}

/** URL of MinIO at an address that the settings give. */
export function givenEndpoint(address: string, settings: Pick<Settings, "tls">): string {
  return `${speaksTls(settings.tls) ? "https" : "http"}://${address}`;
}

/**
 * How long MinIO may take to answer after its installation. Its readiness probe tells the kubelet that it is up, not
 * this machine, and the tunnel (or `minio.endpoint`) needs a server that answers.
 */
const startSeconds = 120;

/**
 * Resolves when MinIO answers at `endpoint`.
 * @throws OperatorError if it does not within two minutes.
 */
export async function waitForMinio(endpoint: string, { namespaces }: Pick<Settings, "namespaces">): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  for (;;) {
    const problem = await whyUnhealthy(endpoint, Math.max(1, (deadline - Date.now()) / 1000));
    if (problem === undefined) return;
    if (Date.now() > deadline) {
      throw new OperatorError(`MinIO does not answer (${problem}), so its buckets and users were left alone.`, [
        `see why: kubectl get pods,pvc -n ${namespaces.minio}`,
        "then run the same command again; to destroy the whole stack you need no MinIO: pulumi destroy, without --run-program",
      ]);
    }
    await sleep(1_000);
  }
}

/** Why the server at a URL is not healthy, or undefined if it is. */
export async function whyUnhealthy(endpoint: string, seconds: number): Promise<string | undefined> {
  // As the MinIO provider, through the proxy of the environment.
  const proxy = proxyFor(endpoint, process.env);
  const secured = endpoint.startsWith("https:");
  const Agent = secured ? HttpsProxyAgent : HttpProxyAgent;
  try {
    const sent = (secured ? https : http).get(`${endpoint}/minio/health/live`, {
      signal: AbortSignal.timeout(seconds * 1000),
      ...(proxy === undefined ? {} : { agent: new Agent({ proxy }) }),
    });
    const [{ statusCode = 0 }] = (await once(
      sent.on("response", (answer) => answer.resume()),
      "response",
    )) as [http.IncomingMessage];
    return statusCode < 300 ? undefined : `it answers ${statusCode}`;
  } catch (error) {
    return textOf(error);
  }
}
