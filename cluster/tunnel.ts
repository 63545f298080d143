import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { readyPods } from "./readyPods";
import { codeOf, OperatorError, textOf } from "../domain/problem";
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
  /** Port on 127.0.0.1. 0 (the default) takes a free one; any other comes from a setting. */
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
const greeting = "logharbor: who holds this tunnel?\n";

/** The tunnels on ports that a setting names. A program opens such a tunnel; the operation that ran it closes it. */
const fixed = new Map<number, { target: string; tunnel: Promise<Tunnel> }>();

/**
 * Listens on 127.0.0.1 and carries each connection through the Kubernetes API to a ready pod behind a Service.
 *
 * A connection waits for a ready pod instead of failing, because to a provider "unreachable" can mean "gone". When a
 * pod is replaced, the next connection finds the new one. The tunnel's sockets and timers do not keep the process
 * alive. A second call for the same named port and Service in one process returns the same tunnel.
 * @throws OperatorError if the port is taken, naming the holder if that is another tunnel, and the setting.
 */
export async function openTunnel(args: TunnelArgs): Promise<Tunnel> {
  const localPort = args.localPort ?? 0;
  if (localPort === 0) {
    return listen(args, 0);
  }
  const target = [args.kubeConfig.getCurrentCluster()?.server, args.namespace, args.service, args.port].join(" ");
  const present = fixed.get(localPort);
  if (present?.target === target) {
    return present.tunnel;
  }
  const tunnel = listen(args, localPort);
  if (present === undefined) {
    fixed.set(localPort, { target, tunnel });
    tunnel.catch(() => fixed.delete(localPort));
  }
  return tunnel;
}

/** Closes the tunnel that a program run in this process left open on a named port, if there is one. */
export async function closeTunnel(localPort: number): Promise<void> {
  await (await fixed.get(localPort)?.tunnel)?.close();
}

async function listen(args: TunnelArgs, localPort: number): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket.unref());
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy()); // the client went away
    serve(args, socket, closing.signal).catch((error: unknown) => {
      args.onProblem?.(textOf(error));
      socket.destroy();
    });
  });
  try {
    await bind(server, localPort);
  } catch (error) {
    throw codeOf(error) === "EADDRINUSE" ? portTaken(localPort, await holderOf(localPort)) : error;
  }
  server.unref();
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    close: async () => {
      fixed.delete(localPort);
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

async function serve(args: TunnelArgs, socket: Socket, closing: AbortSignal): Promise<void> {
  const first = await firstChunk(socket);
  if (first === undefined) {
    socket.destroy();
    return;
  }
  if (first.toString("latin1") === greeting) {
    socket.end(`${args.namespace}/${args.service} (process ${process.pid})\n`);
    return;
  }
  socket.unshift(first);
  await join(args, socket, closing);
}

/** The client's first bytes, with the socket paused after them; undefined if it leaves without sending any. */
async function firstChunk(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve(undefined));
    socket.once("end", () => resolve(undefined));
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      resolve(chunk);
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

/** Asks whoever listens on a port whether it is a tunnel of ours. */
async function holderOf(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write(greeting));
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("utf8");
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(/^(\S+\/\S+ \(process \d+\))\n$/.exec(answer)?.[1]));
    socket.on("end", () => socket.end());
  });
}

/** The error when the tunnel's port is not free. Pure. */
export function portTaken(port: number, holder: string | undefined): OperatorError {
  const what =
    holder === undefined
      ? `Port ${port} on 127.0.0.1, which the tunnel to MinIO uses, is taken by another program.`
      : `Port ${port} on 127.0.0.1 is held by another Logharbor operation: a tunnel to ${holder}.`;
  return new OperatorError(what, [
    ...(holder === undefined ? [] : ["wait until that operation has ended"]),
    `choose another port for this stack: \`pulumi config set --path logharbor:minio.tunnelPort ${port + 1}\``,
  ]);
}
