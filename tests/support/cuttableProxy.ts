import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { listening } from "./forwardProxy";

/** A network that can be cut: a proxy on this machine that whoever has `url` as HTTPS_PROXY uses. */
export interface CuttableProxy {
  url: string;
  /** How many connections it has carried. */
  carried: () => number;
  /** Breaks every connection, and refuses new ones. */
  cut: () => void;
  /** Takes connections again. */
  mend: () => void;
  close: () => void;
}

export async function cuttableProxy(): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let carried = 0;
  const server = createServer((_, answer) => answer.writeHead(405).end());
  server.on("connect", ({ url = "" }, client: Socket, head) => {
    if (isCut) {
      client.destroy();
      return;
    }
    carried += 1;
    const [host = "", port] = url.split(/:(?=\d+$)/);
    const far = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(head);
      far.pipe(client).pipe(far);
    });
    for (const [socket, other] of [
      [far, client],
      [client, far],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy()).on("close", () => sockets.delete(socket));
    }
  });
  const broken = () => sockets.forEach((socket) => socket.destroy());
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    carried: () => carried,
    cut: () => {
      isCut = true;
      broken();
    },
    mend: () => (isCut = false),
    close: () => {
      broken();
      server.close();
    },
  };
}
