import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { PassThrough, Writable, type Duplex } from "node:stream";
import { PortForward, type KubeConfig } from "@kubernetes/client-node";
import WebSocket from "ws";
import type { PodPort } from "./readyPods";

const handshakeTimeoutMs = 20_000;
/** How long a connection whose client has said its last word waits for more of the answer. */
const lingerMs = 15_000;

/**
 * Joins an accepted connection (paused) to a pod's port through the API server, and returns when both are joined.
 * The library speaks the port-forward protocol; what it lacks is added here: flow control in both directions, an answer
 * that still arrives after the client half-closed, and sockets that keep no process alive.
 * @throws when the API server or the kubelet refuses; nothing of `local` has been read then.
 */
export async function forward(
  kubeConfig: KubeConfig,
  { namespace, pod, port }: PodPort & { namespace: string },
  { local, onProblem }: { local: Duplex; onProblem: (text: string) => void },
): Promise<void> {
  const input = new PassThrough();
  const faults = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) {
        onProblem(`pod ${namespace}/${pod}: ${chunk.toString("utf8").trim()}`);
        local.destroy();
      }
      done();
    },
  });
  const channel: { socket?: WebSocket; carrier?: Socket } = {};
  const handler = {
    connect: async (path: string, _onText: unknown, onBinary: ((stream: number, data: Buffer) => boolean) | null) => {
      const { socket, carrier } = await openChannel(kubeConfig, path, (data) => {
        if (onBinary?.(data.readUInt8(0), data.subarray(1)) === false) socket.close();
        if (local.writableNeedDrain) socket.pause();
      });
      Object.assign(channel, { socket, carrier });
      return socket;
    },
  };
  await new PortForward(kubeConfig, true, handler).portForward(namespace, pod, [port], local, faults, input);
  const { socket, carrier } = channel as Required<typeof channel>;

  local.on("drain", () => socket.resume());
  input.on("data", () => {
    if (carrier.writableNeedDrain) input.pause();
  });
  carrier.on("drain", () => input.resume());

  local.on("end", () => {
    const linger = setTimeout(() => socket.close(), lingerMs).unref();
    socket.on("message", () => linger.refresh());
    socket.on("close", () => clearTimeout(linger));
  });
  local.on("close", () => socket.terminate());
  socket.on("error", (error: Error) => {
    onProblem(`pod ${namespace}/${pod}: ${error.message}`);
    local.destroy();
  });
  socket.on("close", () => {
    local.end();
    local.resume(); // an unread rest would keep its "close" from coming
  });
  if (local.destroyed || socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    local.destroy();
    return;
  }
  local.pipe(input, { end: false }); // the library answers an end of input by closing everything
}

async function openChannel(
  kubeConfig: KubeConfig,
  path: string,
  onMessage: (data: Buffer) => void,
): Promise<{ socket: WebSocket; carrier: Socket }> {
  const options: WebSocket.ClientOptions = { perMessageDeflate: false, handshakeTimeout: handshakeTimeoutMs };
  await kubeConfig.applyToHTTPSOptions(options);
  const url = `${kubeConfig.getCurrentCluster()?.server.replace(/^http/, "ws")}${path}`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ["v4.channel.k8s.io"], options);
    let carrier: Socket;
    socket.on("message", (data: Buffer) => onMessage(data));
    socket.on("upgrade", (response) => {
      carrier = response.socket.unref();
    });
    socket.on("open", () => {
      socket.off("error", reject);
      resolve({ socket, carrier });
    });
    socket.on("error", reject);
    socket.on("unexpected-response", (_request, response) => {
      refusal(response)
        .then((text) => reject(new Error(text)), reject)
        .finally(() => socket.terminate());
    });
  });
}

/** What the API server says instead of opening a channel: a Status object, or plain text. */
async function refusal(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8").trim();
  let message = body;
  try {
    message = (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    // not JSON
  }
  return `port-forward refused (${response.statusCode}): ${message}`;
}
