import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";

/** A forward proxy on this machine, as a corporate network has one. Every name leads to one port of this machine. */
export interface ForwardProxy {
  url: string;
  /** What it was asked to connect to, as host:port. */
  asked: string[];
  close(): void;
}

export async function forwardProxy(target: () => number): Promise<ForwardProxy> {
  const asked: string[] = [];
  const server = createServer((_, answer) => answer.writeHead(405).end());
  server.on("connect", (request, client, head) => {
    asked.push(request.url ?? "");
    const far = connect(target(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(head);
      far.pipe(client).pipe(far);
    });
    far.on("error", () => client.destroy());
    client.on("error", () => far.destroy());
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts a server on a free port of this machine, and returns the port. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
