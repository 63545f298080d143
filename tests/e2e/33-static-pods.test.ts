import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usesKind } from "../../local/cluster/cluster";
import { staticPods } from "../../local/cluster/init";
import { queryRange } from "../../logs/query";
import { platform } from "../support/platform";
import { full } from "../support/sizes";
import { testNode } from "../support/testPlatform";
import { waitFor } from "../support/wait";

describe("static pods", () => {
  const p = platform();
  const namespace = "e2e-static";
  const manifest = join(testNode.root, staticPods, "e2e-static.json");

  before(async function () {
    if (await usesKind(testNode)) {
      console.log("      skipped: kind keeps the kubelet's folder of static pods in a container");
      this.skip();
    }
    await p.ensureUp();
  });
  after(() => rmSync(manifest, { force: true }));

  full(
    "needs the node's own folder; a unit test holds the path's pattern",
    "are collected like any other",
    async () => {
      // Their folder of logs is named after a hash of the manifest, not after a UID of the API server's.
      await p.cluster.withNamespace(namespace, async () => {
        const pod = p.cluster.shellPod({ name: "static", script: "echo hello from the kubelet; sleep 36000" });
        writeFileSync(
          manifest,
          JSON.stringify({ apiVersion: "v1", kind: "Pod", ...pod, metadata: { ...pod.metadata, namespace } }),
        );
        await waitFor("the static pod's line", 90, async () => {
          const entries = await queryRange(p.loki, {
            query: `{namespace="${namespace}", app="static", container="shell"}`,
          });
          return entries.some(({ line }) => line === "hello from the kubelet") ? true : undefined;
        });
        rmSync(manifest);
      });
    },
  );
});
