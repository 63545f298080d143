import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { closeTunnel, openTunnel, portTaken } from "../../../cluster/tunnel";
import { freePort } from "../../support/freePort";

/** A cluster where nobody listens. */
function nowhere(): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: "c", server: "https://127.0.0.1:1", skipTLSVerify: false }, { name: "u" });
  return kubeConfig;
}

const target = { kubeConfig: nowhere(), namespace: "logs", service: "minio", port: 9000 };

describe("a tunnel", () => {
  it("on a named port is one for the same Service, and says who holds it to any other", async () => {
    const localPort = await freePort();
    const tunnel = await openTunnel({ ...target, localPort });
    assert.equal(await openTunnel({ ...target, localPort }), tunnel);
    await assert.rejects(
      openTunnel({ ...target, namespace: "other", localPort }),
      new RegExp(
        `Port ${localPort} on 127.0.0.1 is held by another Logharbor operation: a tunnel to logs/minio \\(process ${process.pid}\\)`,
      ),
    );
    await closeTunnel(localPort);
    const next = await openTunnel({ ...target, namespace: "other", localPort });
    await next.close();
  });

  it("tells a port that another program holds, and can be opened when it is free again", async () => {
    const other = createServer((socket) =>
      socket
        .on("error", () => undefined)
        .resume()
        .end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    ).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port: localPort } = other.address() as AddressInfo;
    await assert.rejects(openTunnel({ ...target, localPort }), /is taken by another program/);
    other.close();
    await once(other, "close");
    await (await openTunnel({ ...target, localPort })).close();
  });

  it("gives a connection up when nobody answers in time, and says why", async () => {
    const problems: string[] = [];
    const tunnel = await openTunnel({ ...target, waitSeconds: 0, onProblem: (text) => problems.push(text) });
    const socket = connect(tunnel.port, tunnel.host, () => socket.write("GET / HTTP/1.1\r\n\r\n")).on(
      "error",
      () => undefined,
    );
    await once(socket, "close");
    await tunnel.close();
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^gave up after 0 s: .*ECONNREFUSED/);
  });

  it("ends its connections when it is closed", async () => {
    const tunnel = await openTunnel(target);
    const socket = connect(tunnel.port, tunnel.host).on("error", () => undefined);
    await once(socket, "connect");
    socket.write("hello");
    await new Promise((soon) => setTimeout(soon, 50));
    const closed = once(socket, "close");
    await tunnel.close();
    await closed;
  });

  it("names the holder of its port, and the setting", () => {
    assert.match(
      portTaken(39000, undefined).message,
      /^Port 39000 .* is taken by another program\.\n {2}-> .*logharbor:minio\.tunnelPort 39001`$/,
    );
    assert.match(
      portTaken(39000, "logs/minio (process 7)").message,
      /held by another Logharbor operation: a tunnel to logs\/minio \(process 7\)\.\n {2}-> wait[^]*tunnelPort 39001`$/,
    );
  });
});
