import assert from "node:assert/strict";

import { loadKubeConfig } from "../../../cluster/kubeconfig";

const kubeconfig = `
apiVersion: v1
clusters: [{ name: c, cluster: { server: "https://k:6443" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: blue, context: { cluster: c, user: u } }, { name: lost, context: { cluster: nowhere, user: u } }]
current-context: blue
`;

describe("kubeconfig", () => {
  it("takes content, and the context that is asked for", () => {
    assert.equal(loadKubeConfig({ kubeconfig }).getCurrentCluster()?.server, "https://k:6443");
    assert.equal(loadKubeConfig({ kubeconfig, context: "blue" }).getCurrentContext(), "blue");
  });

  it("names the context and those that exist, and how to set another", () => {
    assert.throws(() => loadKubeConfig({ kubeconfig, context: "green" }), {
      name: "OperatorError",
      message: [
        'The kubeconfig has no context "green"; it has: blue, lost.',
        "  -> choose a context with `pulumi config set kubernetes:context NAME` (or --context NAME for one run)",
        "  -> choose a kubeconfig with `pulumi config set --secret kubernetes:kubeconfig < FILE`, or with the variable KUBECONFIG",
      ].join("\n"),
    });
    assert.throws(
      () => loadKubeConfig({ kubeconfig, context: "lost" }),
      /names the cluster "nowhere", which is missing from the kubeconfig/,
    );
    assert.throws(() => loadKubeConfig({ kubeconfig: "{}" }), /no current context; it has no contexts at all/);
    assert.throws(
      () => loadKubeConfig({ kubeconfig: "/no/such/file" }),
      /can't be read: the file \/no\/such\/file does not exist/,
    );
  });
});
