import * as http from "node:http";
import { duplexPair, type Duplex } from "node:stream";
import { text as consumed } from "node:stream/consumers";
import { checkServerIdentity, connect } from "node:tls";
import type { KubeConfig } from "@kubernetes/client-node";
import { textOf } from "../domain/problem";
import { forward } from "./forward";

/** A port of a pod that speaks HTTP. */
export interface PodWeb {
  namespace: string;
  pod: string;
  port: number;
  /** Whether it speaks TLS. Default: false. */
  tls?: boolean;
  /** Checks its certificate, whose name this must be, against these authorities. Default: nobody checks it. */
  trust?: Trust;
}

/** What a client needs to check a certificate. */
export interface Trust {
  /** Host name that the certificate must have. */
  host: string;
  /** Authorities, as PEM. Default: the public ones. */
  ca?: string;
}

/** What a pod answered. */
export interface PodAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** By how much the pod's clock is ahead of this machine's, in ms. Exact to about a second. */
  aheadMs?: number;
  /** End of the certificate that it showed. */
  certificateEnds?: Date;
  /** Why a client that checks its certificate refuses it. Undefined: it does not, or nobody checked. */
  distrust?: string;
}

/** How long an answer may take. */
const answerMs = 10_000;

/**
 * Asks a pod over HTTP through the API server's port-forward. The kubelet connects inside of the pod, so no network
 * policy is in the way, on any node.
 * @throws an error that has `code` 403 without the right to forward ports; any other error if the pod does not answer
 */
export async function askPod(
  kubeConfig: KubeConfig,
  { namespace, pod, port, tls = false, trust }: PodWeb,
  { path, headers = {} }: { path: string; headers?: Record<string, string> },
): Promise<PodAnswer> {
  const [near, far] = duplexPair();
  let trouble: string | undefined;
  let shown: Pick<PodAnswer, "certificateEnds" | "distrust"> = {};
  const deadline = setTimeout(() => near.destroy(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
  try {
    far.pause();
    await forward(kubeConfig, { namespace, pod, port }, { local: far, onProblem: (text) => (trouble = text) });
    far.on("close", () => near.destroy(trouble === undefined ? undefined : new Error(trouble)));
    const wire = tls ? await secured(near, trust, (found) => (shown = found)) : near;
    const asked = Date.now();
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const sent = http.request(
        { path, headers: { host: `${pod}:${port}`, connection: "close", ...headers }, createConnection: () => wire },
        resolve,
      );
      sent.on("error", (error) => reject(trouble === undefined ? error : new Error(trouble)));
      sent.end();
    });
    const body = await consumed(answer);
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body,
      aheadMs: aheadOf(answer.headers.date, asked),
      ...shown,
    };
  } finally {
    clearTimeout(deadline);
    near.destroy();
    far.destroy();
  }
}

/** By how much a clock is ahead of ours. Its `Date` header was cut to whole seconds, so it is half a second more. */
export function aheadOf(date: string | undefined, asked: number, now = Date.now()): number | undefined {
  const said = Date.parse(date ?? "");
  return Number.isNaN(said) ? undefined : said + 500 - (asked + now) / 2;
}

async function secured(
  near: Duplex,
  trust: Trust | undefined,
  onShown: (shown: Pick<PodAnswer, "certificateEnds" | "distrust">) => void,
): Promise<Duplex> {
  // The API server has led us to exactly this pod, so we talk to it whatever its certificate is, and only tell.
  const wire = connect({ socket: near, rejectUnauthorized: false, servername: trust?.host, ca: trust?.ca });
  await new Promise<void>((resolve, reject) => {
    wire.once("secureConnect", resolve);
    wire.once("error", reject);
  });
  const certificate = wire.getPeerCertificate();
  const refused = wire.authorizationError ?? (trust && checkServerIdentity(trust.host, certificate));
  onShown({
    certificateEnds: new Date(certificate.valid_to),
    ...(trust === undefined || !refused ? {} : { distrust: textOf(refused) }),
  });
  return wire;
}
