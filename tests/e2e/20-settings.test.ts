import assert from "node:assert/strict";
import { queryRange } from "../../automation/query";
import { platform } from "./support/platform";
import { core } from "./support/sizes";
import { waitFor } from "./support/wait";

describe("a setting that is changed", () => {
  const p = platform();
  const namespace = "e2e-settings";

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(namespace);
    await p.cluster.runShells(namespace, [{ name: "writer", script: "for i in $(seq 1 100); do echo line $i; done; sleep 36000" }]);
  });

  after(async () => p.cluster.removeNamespace(namespace));

  const linesFrom = async (limit: number) => queryRange(p.loki, { query: `{namespace="${namespace}"}`, limit });

  core("changes Loki and nothing else, and loses nothing that was stored", async () => {
    const before = await waitFor("100 lines", 30, async () => {
      const lines = await linesFrom(1000);
      return lines.length === 100 ? lines : undefined;
    });
    const { limits } = p.settings.loki;
    await p.withSettings({ loki: { limits: { ...limits, maxEntriesLimitPerQuery: 150 } } }, async (changed) => {
      assert.deepEqual(changed, ["update Release logharbor-loki-release"]);
      const after = await waitFor("Loki's answer", 60, async () => linesFrom(150));
      assert.deepEqual(after, before);
      await assert.rejects(linesFrom(151), /max entries limit/);
    });
    assert.deepEqual(await waitFor("Loki's answer", 60, async () => linesFrom(1000)), before);
  });

  core("is refused in the preview where a policy of the project forbids it", async () => {
    const moving = await p.stack({ images: { ...p.settings.images, loki: { ...p.settings.images.loki, tag: "latest" } } });
    await assert.rejects(moving.preview(), /policy pinned-versions: image at loki\.image has the tag "latest", which may move; .* \(logharbor-loki-release\)/);
  });
});
