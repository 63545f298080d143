import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { OtherClusterError, passClusterGate } from "../../../changes/clusterGate";

/** A double of the API server that knows one namespace; `code` refuses to show it. */
const apiDouble = (code: number) =>
  createServer(({ url }, response) => {
    const status = url === "/api/v1/namespaces/kube-system" ? code : 404;
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(status === 200 ? { metadata: { name: "kube-system", uid: "here" } } : { code: status }),
    );
  });

/** What the gate answers, and how often it warns, while the state holds `recorded`. */
async function gate(recorded: object, { code = 200, away = false, organization = "organization" } = {}) {
  const server: Server = apiDouble(code).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  if (away) stop();
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "double", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "somewhere", context: { cluster: "double", user: "nobody" } }],
    users: [{ name: "nobody", user: {} }],
    "current-context": "somewhere",
  });
  pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": kubeconfig });
  const asked: object[] = [];
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
    asked.push({ token, ...(inputs as object) });
    return recorded;
  };
  const mocks = { call, newResource: () => ({ id: "", state: {} }) };
  await pulumi.runtime.setMocks(mocks, "logharbor", "mine", false, organization);
  const warnings: string[] = [];
  const warn = pulumi.log.warn;
  Object.assign(pulumi.log, { warn: (text: string) => Promise.resolve(warnings.push(text)) });
  try {
    return { cluster: await passClusterGate("mine"), warnings, asked };
  } finally {
    Object.assign(pulumi.log, { warn });
    if (!away) stop();
  }
}

describe("the gate before another cluster", () => {
  it("asks the engine for the outputs of the stack's last up", async () => {
    for (const [organization, name] of [
      ["organization", "mine"], // a backend without organizations
      ["acme", "acme/logharbor/mine"],
    ] as const) {
      const { asked } = await gate({ outputs: {} }, { organization });
      assert.deepEqual(asked, [{ token: "pulumi:pulumi:readStackOutputs", name }]);
    }
  });

  for (const [what, outputs] of [
    ["that has none yet", {}],
    ["of an earlier version", { tenant: "t" }],
    ["that is in it", { cluster: "here" }],
  ] as const)
    it(`lets a stack pass ${what}, and notes the cluster`, async () => {
      const { cluster, warnings } = await gate({ outputs });
      assert.deepEqual([cluster, warnings], ["here", []]);
    });

  it("refuses another, names both, and says what to do", async () => {
    await assert.rejects(gate({ outputs: { cluster: "there" } }), (error: Error) => {
      assert.ok(error instanceof OtherClusterError);
      assert.deepEqual(error.clusters, { recorded: "there", found: "here" });
      assert.match(error.message, /Stack "mine" is in another cluster .* so nothing was touched: context somewhere/);
      assert.match(error.message, /kubernetes:context NAME/);
      assert.match(error.message, /npm run cluster-replaced -- --stack mine$/);
      return true;
    });
  });

  for (const [what, how, says] of [
    ["may not be seen", { code: 403 }, /not checked: .* no right to see namespace kube-system/],
    ["is away", { away: true }, /not checked: whether this is the stack's cluster/],
  ] as const)
    it(`warns if the cluster ${what}, and keeps what was noted`, async () => {
      const { cluster, warnings } = await gate({ outputs: { cluster: "there" } }, how);
      assert.equal(cluster, "there");
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, says);
    });
});
