import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { openTunnel } from "../../../cluster/tunnel";
import { freePort } from "../../support/freePort";

/** A cluster where nobody listens. */
function nowhere(): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: "c", server: "https://127.0.0.1:1", skipTLSVerify: false }, { name: "u" });
  return kubeConfig;
}

const target = { kubeConfig: nowhere(), namespace: "logs", service: "minio", port: 9000 };

describe("a tunnel", () => {
  it("takes the port that it is given, or another one if that is in use", async () => {
    const localPort = await freePort();
    const [first, second] = [await openTunnel({ ...target, localPort }), await openTunnel({ ...target, localPort })];
    assert.equal(first.port, localPort);
    assert.notEqual(second.port, localPort);
    await first.close();
    const next = await openTunnel({ ...target, localPort });
    assert.equal(next.port, localPort);
    await Promise.all([second.close(), next.close()]);
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
});
