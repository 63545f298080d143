import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { PassThrough } from "node:stream";
import { VersionApi } from "@kubernetes/client-node";

import { unreachable } from "../../../cluster/clusterFacts";
import { forward } from "../../../cluster/forward";
import { KubeApi } from "../../../cluster/kubeApi";
import { loadKubeConfig } from "../../../cluster/kubeconfig";
import { whyUnhealthy } from "../../../cluster/minioEndpoint";
import { proxyFor, withoutLogin } from "../../../cluster/proxy";
import { forwardProxy, listening, type ForwardProxy } from "../../support/forwardProxy";

const proxy = "http://proxy.corp:3128";

describe("the proxy of the environment", () => {
  it("is that of the scheme, in either spelling", () => {
    assert.equal(proxyFor("https://k.corp:6443", { HTTPS_PROXY: proxy }), proxy);
    assert.equal(proxyFor("https://k.corp:6443", { https_proxy: proxy }), proxy);
    assert.equal(proxyFor("https://k.corp:6443", { HTTP_PROXY: proxy }), undefined);
    assert.equal(proxyFor("http://k.corp", { HTTP_PROXY: proxy, HTTPS_PROXY: "http://other" }), proxy);
    assert.equal(proxyFor("https://k.corp", { HTTPS_PROXY: "proxy.corp:3128" }), proxy, "without a scheme");
    assert.equal(proxyFor("https://k.corp", { HTTPS_PROXY: "" }), undefined);
  });

  it("is never asked for this machine", () => {
    for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
      assert.equal(proxyFor(`https://${host}:6443`, { HTTPS_PROXY: proxy }), undefined, host);
  });

  // As Go's golang.org/x/net/http/httpproxy has it.
  const spared: [entry: string, address: string, spared: boolean][] = [
    ["*", "https://k.corp", true],
    ["k.corp", "https://k.corp", true],
    ["corp", "https://k.corp", true],
    [".corp", "https://k.corp", true],
    ["*.corp", "https://k.corp", true],
    [".k.corp", "https://k.corp", false],
    ["rp", "https://k.corp", false],
    ["K.CORP", "https://k.corp", true],
    ["other, k.corp ,", "https://k.corp", true],
    ["k.corp:6443", "https://k.corp:6443", true],
    ["k.corp:443", "https://k.corp", true],
    ["k.corp:443", "https://k.corp:6443", false],
    ["10.0.0.0/8", "https://10.1.2.3:6443", true],
    ["10.0.0.0/8", "https://11.1.2.3:6443", false],
    ["10.0.0.0/8", "https://k.corp", false],
    ["10.1.2.3", "https://10.1.2.3", true],
    ["10.1.2.3:6443", "https://10.1.2.3:443", false],
    ["fd00::/8", "https://[fd00::1]:6443", true],
    ["fd00::1", "https://[fd00::1]:6443", true],
    ["[fd00::1]:6443", "https://[fd00::1]:6443", true],
    ["[fd00::1]:443", "https://[fd00::1]:6443", false],
    ["", "https://k.corp", false],
  ];
  for (const [entry, address, isSpared] of spared) {
    it(`NO_PROXY ${entry || "(empty)"} ${isSpared ? "spares" : "does not spare"} ${address}`, () => {
      assert.equal(proxyFor(address, { HTTPS_PROXY: proxy, NO_PROXY: entry }), isSpared ? undefined : proxy);
    });
  }

  describe("leads every client to the cluster, by a real forward proxy", () => {
    const before = { ...process.env };
    let api: Server;
    let through: ForwardProxy;
    const kubeconfig = (more = "") => `
apiVersion: v1
clusters: [{ name: c, cluster: { server: "http://k.corp:8080", insecure-skip-tls-verify: true${more} } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: blue, context: { cluster: c, user: u } }]
current-context: blue
`;

    beforeEach(async () => {
      api = createServer((_, answer) => {
        answer.setHeader("content-type", "application/json").end('{"gitVersion":"v1.34.3"}');
      }).on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nno!\n"));
      const port = await listening(api);
      through = await forwardProxy(() => port);
      process.env.HTTP_PROXY = through.url;
      delete process.env.NO_PROXY;
      delete process.env.no_proxy;
    });
    afterEach(() => {
      process.env = { ...before };
      through.close();
      api.closeAllConnections();
      api.close();
    });

    it("the library's clients, our own requests, and the tunnel", async () => {
      const kubeConfig = loadKubeConfig({ kubeconfig: kubeconfig() });
      assert.equal((await kubeConfig.makeApiClient(VersionApi).getCode()).gitVersion, "v1.34.3");
      assert.deepEqual(through.asked, ["k.corp:8080"], "preflight");
      assert.deepEqual(await new KubeApi(kubeConfig).get("version"), { gitVersion: "v1.34.3" });
      assert.equal(through.asked.length, 2, "the gates");
      const pod = { namespace: "a", pod: "b", port: 1 };
      await assert.rejects(
        forward(kubeConfig, pod, { local: new PassThrough(), onProblem: () => undefined }),
        /port-forward refused \(403\): no!/,
      );
      assert.equal(through.asked.length, 3, "the tunnel");
      assert.equal(await whyUnhealthy("http://minio.corp:9000", 5), undefined);
      assert.equal(through.asked.at(-1), "minio.corp:9000", "minio.endpoint");
    });

    it("but not where NO_PROXY or the kubeconfig says otherwise", () => {
      const proxyOf = (more?: string) => loadKubeConfig({ kubeconfig: kubeconfig(more) }).getCurrentCluster()?.proxyUrl;
      assert.equal(proxyOf(), through.url);
      assert.equal(proxyOf(', proxy-url: "http://other:1"'), "http://other:1");
      process.env.NO_PROXY = ".corp";
      assert.equal(proxyOf(), undefined);
    });

    it("and an error names it, without its login", () => {
      process.env.HTTP_PROXY = "http://me:secret@proxy.corp:3128";
      const error = unreachable(loadKubeConfig({ kubeconfig: kubeconfig() }), { code: "ECONNREFUSED" });
      assert.match(error.message, /\(http:\/\/k\.corp:8080, through the proxy http:\/\/proxy\.corp:3128\)/);
      assert.equal(withoutLogin("http://proxy:1"), "http://proxy:1");
    });
  });
});
