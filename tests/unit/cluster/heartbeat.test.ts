import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket, { WebSocketServer } from "ws";
import { endWhenSilent } from "../../../cluster/heartbeat";

describe("a connection to the API server", () => {
  const servers: WebSocketServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.clients.forEach((client) => client.terminate());
      server.close();
    }
  });

  /** Whether the client is still connected after a while. `pongs`: how many pings the other end answers. */
  async function lives(
    pongs: number,
    more: (client: WebSocket, far: WebSocket) => void = () => undefined,
  ): Promise<boolean> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong: false });
    servers.push(server);
    let left = pongs;
    server.on("connection", (far) => far.on("ping", () => left-- > 0 && far.pong()));
    await once(server, "listening");
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [far] = (await Promise.all([once(server, "connection"), once(client, "open")]))[0] as [WebSocket];
    endWhenSilent(client, 20);
    more(client, far);
    await sleep(300);
    return client.readyState === WebSocket.OPEN;
  }

  it("is ended once its other end no longer answers", async () => {
    assert.equal(await lives(3), false);
  });

  it("stays while the other end answers, or sends", async () => {
    assert.equal(await lives(Infinity), true);
    const sends = (_: WebSocket, far: WebSocket) => {
      const timer = setInterval(() => far.send("data"), 10);
      far.on("close", () => clearInterval(timer));
    };
    assert.equal(await lives(1, sends), true);
  });

  it("stays if its other end never answers pings, or is kept from sending", async () => {
    assert.equal(await lives(0), true);
    assert.equal(await lives(1, (client) => client.once("pong", () => client.pause())), true);
  });
});
