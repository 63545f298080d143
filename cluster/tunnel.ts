import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { readyPods } from "./readyPods";
import { codeOf, textOf } from "../domain/problem";
import { forward } from "./forward";
import { forwardSecured } from "./forwardSecured";

export interface TunnelArgs {
  kubeConfig: KubeConfig;
  namespace: string;
  /** The Service whose ready pods answer. */
  service: string;
  /** A port of the Service (not of its pods). */
  port: number;
  /**
   * Whether the Service speaks TLS. TLS then ends in the tunnel: clients on this machine talk to it unencrypted.
   * Default: false.
   */
  tls?: boolean;
  /** Port on 127.0.0.1 to take if it is free. Default: any free one. */
  localPort?: number;
  /** How long a connection waits until a pod is ready, in seconds. Default 120. */
  waitSeconds?: number;
  /** Called with the reason when a connection is given up. Default: nobody. */
  onProblem?: (text: string) => void;
}

export interface Tunnel {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Closes the listener and every connection. */
  close(): Promise<void>;
}

const retryMs = 1_500;

/**
 * Listens on 127.0.0.1 and carries each connection through the Kubernetes API to a ready pod behind a Service.
 *
 * A connection waits for a ready pod instead of failing, because to a provider "unreachable" can mean "gone". When a
 * pod is replaced, the next connection finds the new one. The tunnel's sockets and timers do not keep the process
 * alive.
 */
export async function openTunnel(args: TunnelArgs): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket.unref());
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy()); // the client went away
    join(args, socket.pause(), closing.signal).catch((error: unknown) => {
      args.onProblem?.(textOf(error));
      socket.destroy();
    });
  });
  try {
    await bind(server, args.localPort ?? 0);
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE") throw error;
    await bind(server, 0);
  }
  server.unref();
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    close: async () => {
      closing.abort();
      sockets.forEach((socket) => socket.destroy());
      if (server.listening) {
        await new Promise((closed) => server.close(closed));
      }
    },
  };
}

async function bind(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function join(args: TunnelArgs, socket: Socket, closing: AbortSignal): Promise<void> {
  const { kubeConfig, namespace, service, port } = args;
  const waitSeconds = args.waitSeconds ?? 120;
  const deadline = Date.now() + waitSeconds * 1000;
  for (let attempt = 0; ; attempt++) {
    let problem = `no pod of Service ${namespace}/${service} is ready on port ${port}`;
    try {
      const pods = await readyPods(kubeConfig, { namespace, service, port });
      const pod = pods[attempt % Math.max(pods.length, 1)];
      if (pod !== undefined) {
        const onProblem = (text: string) => args.onProblem?.(text);
        if (args.tls === true)
          await forwardSecured(
            (far) => forward(kubeConfig, { ...pod, namespace }, { local: far, onProblem }),
            socket,
            onProblem,
          );
        else await forward(kubeConfig, { ...pod, namespace }, { local: socket, onProblem });
        return;
      }
    } catch (error) {
      problem = textOf(error);
    }
    if (Date.now() + retryMs > deadline) {
      throw new Error(`gave up after ${waitSeconds} s: ${problem}`);
    }
    await sleep(retryMs, undefined, { ref: false });
    if (socket.destroyed || closing.aborted) {
      return;
    }
  }
}
