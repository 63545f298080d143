import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { PassThrough, Writable, type Duplex } from "node:stream";
import { PortForward, type KubeConfig } from "@kubernetes/client-node";
import WebSocket from "ws";
import { endWhenSilent } from "./heartbeat";
import type { PodPort } from "./readyPods";

const handshakeTimeoutMs = 20_000;
/** How long to wait for more of the answer after the client has half-closed its connection. */
const lingerMs = 15_000;

/**
 * Joins an accepted connection (paused) to a pod's port through the API server, and returns when both are joined.
 * The library speaks the port-forward protocol. We add what it lacks: flow control in both directions, answers that
 * arrive after the client half-closed, and sockets that do not keep the process alive.
 * @throws when the API server or the kubelet refuses, with its status as `code`; then nothing of `local` has been read.
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
  endWhenSilent(socket);

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
    local.resume(); // with unread data left, "close" would never come
  });
  if (local.destroyed || socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    local.destroy();
    return;
  }
  local.pipe(input, { end: false }); // at the end of input the library would close everything
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
        .then((text) => reject(Object.assign(new Error(text), { code: response.statusCode })), reject)
        .finally(() => socket.terminate());
    });
  });
}

/** Why the API server did not open a channel; it sends a Status object, or plain text. */
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
