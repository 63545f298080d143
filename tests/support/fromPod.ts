import { Duplex, PassThrough } from "node:stream";
import { connect as secure, type TLSSocket } from "node:tls";
import { text } from "node:stream/consumers";
import { request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { Exec } from "@kubernetes/client-node";
import type { TestCluster } from "./cluster";

/** A pod with a container named shell. */
interface ShellOf {
  namespace: string;
  pod: string;
}

/** A request that a pod makes. */
interface PodRequest {
  url: string;
  headers: Record<string, string>;
  /** Authority that must have signed the server's certificate, as PEM. Default: nobody's, so https is refused. */
  authority?: string;
}

/**
 * The answer to a request that a pod makes. The pod connects: its DNS, its network policies and its address are what
 * counts. TLS and HTTP are spoken here, through that connection; a server's certificate is verified as any client does.
 */
export async function answerTo(
  cluster: TestCluster,
  shell: ShellOf,
  { authority, headers, url }: PodRequest,
): Promise<{ status: number; body: string }> {
  const { hostname, pathname, port, protocol, search } = new URL(url);
  const isSecure = protocol === "https:";
  let socket = await connectionFrom(cluster, shell, [hostname, port || (isSecure ? "443" : "80")]);
  try {
    if (isSecure) socket = await secured(socket, hostname, authority);
    const sent = request({
      createConnection: () => socket,
      path: `${pathname}${search}`,
      headers: { host: hostname, connection: "close", ...headers },
    });
    // After the answer, the end of the connection is an error to the request too.
    sent.on("error", () => undefined).end();
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  } finally {
    socket.destroy();
  }
}

async function connectionFrom(
  { kubeConfig }: TestCluster,
  { namespace, pod }: ShellOf,
  [host, port]: [host: string, port: string],
): Promise<Duplex> {
  const [toPod, fromPod, said] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const command = ["nc", "-w", "10", host, port];
  const opened = await new Exec(kubeConfig).exec(namespace, pod, "shell", command, fromPod, said, toPod, false);
  opened.on("close", () => fromPod.end());
  said.setEncoding("utf8").on("data", (line: string) => fromPod.destroy(new Error(`${command.join(" ")}: ${line}`)));
  return (
    Duplex.from({ readable: fromPod, writable: toPod })
      .on("close", () => opened.close())
      // To end it is an error to the streams inside.
      .on("error", () => undefined)
  );
}

async function secured(socket: Duplex, servername: string, authority = ""): Promise<TLSSocket> {
  // Once refused, its end is a second error.
  const tls = secure({ socket, servername, ca: authority }).on("error", () => undefined);
  await once(tls, "secureConnect");
  return tls;
}
