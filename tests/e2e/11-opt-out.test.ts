import assert from "node:assert/strict";
import { queryRange } from "../../logs/query";
import { collectName } from "../../render/alloy/collect";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

const optOut = { [collectName]: "false" };
const greet = (name: string) => ({ name, script: `echo hello from ${name}; sleep 36000` });

describe("opting out of collection", () => {
  const p = platform();

  before(async () => p.ensureUp());

  const linesOf = async (namespace: string): Promise<string[]> => {
    const entries = await queryRange(p.loki, { query: `{namespace="${namespace}"}` });
    return entries.map(({ line }) => line);
  };
  const waitForLine = async (namespace: string, line: string) =>
    waitFor(`"${line}"`, 30, async () => ((await linesOf(namespace)).includes(line) ? true : undefined));

  core("leaves out an annotated and a labelled pod, and collects the one next to it", async () => {
    const namespace = "e2e-opt-out";
    await p.cluster.withNamespace(namespace, async () => {
      await p.cluster.runShells(namespace, [
        { ...greet("private"), annotations: optOut },
        { ...greet("labelled"), labels: optOut },
        greet("public"),
        { ...greet("willing"), annotations: { [collectName]: "true" } },
      ]);
      await waitForLine(namespace, "hello from public");
      await waitForLine(namespace, "hello from willing");
      assert.deepEqual((await linesOf(namespace)).sort(), ["hello from public", "hello from willing"]);
    });
  });

  core("leaves out an annotated namespace", async () => {
    const [quiet, loud] = ["e2e-opt-out-quiet", "e2e-opt-out-loud"];
    await p.cluster.withNamespace(loud, async () => {
      await p.cluster.withNamespace(
        quiet,
        async () => {
          await p.cluster.runShells(quiet, [greet("private")]);
          await p.cluster.runShells(loud, [greet("public")]);
          await waitForLine(loud, "hello from public");
          assert.deepEqual(await linesOf(quiet), []);
        },
        optOut,
      );
    });
  });

  full(
    "two ups; unit tests hold the pipeline of this setting",
    "leaves out the namespaces of the setting, from the next up on",
    async () => {
      const [excluded, other] = ["e2e-excluded", "e2e-not-excluded"];
      await p.withSettings({ alloy: { excludeNamespaces: [excluded, "kube-system"] } }, async (changed) => {
        assert.deepEqual(changed, ["update Release logharbor-alloy-release"]);
        await p.cluster.withNamespace(excluded, async () => {
          await p.cluster.withNamespace(other, async () => {
            await p.cluster.runShells(excluded, [greet("private")]);
            await p.cluster.runShells(other, [greet("public")]);
            await waitForLine(other, "hello from public");
            assert.deepEqual(await linesOf(excluded), []);
          });
        });
      });
    },
  );
});
