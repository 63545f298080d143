import assert from "node:assert/strict";
import { queryRange } from "../../logs/query";
import { holdsWhile } from "../support/load";
import { platform } from "../support/platform";
import { core } from "../support/sizes";
import { waitFor } from "../support/wait";

describe("a changed setting", () => {
  const p = platform();

  before(async () => p.ensureUp());

  core("changes only Loki, and loses no line of a load that runs meanwhile", async function () {
    const { limits } = p.settings.loki;
    await holdsWhile(this, { platform: p, name: "settings" }, async ({ namespace, began }) => {
      const linesUpTo = async (limit: number) =>
        queryRange(p.loki, { query: `{namespace="${namespace}"}`, limit, start: began });
      await p.withSettings({ loki: { limits: { ...limits, maxEntriesLimitPerQuery: 150 } } }, async (changed) => {
        assert.deepEqual(changed, ["update Release logharbor-loki-release"]);
        assert.equal((await waitFor("Loki's answer", 60, async () => linesUpTo(150))).length, 150);
        await assert.rejects(linesUpTo(151), /max entries limit/);
      });
      assert.ok((await waitFor("Loki's answer", 60, async () => linesUpTo(1000))).length > 150);
    });
  });

  core("is refused in the preview if a policy of the project forbids it", async () => {
    const open = await p.stack({ alloy: { ...p.settings.alloy, podAnnotations: { password: "open-sesame" } } });
    await assert.rejects(
      open.preview(),
      /policy no-plaintext-secret: .*podAnnotations\.password holds a credential in plain text; .* \(logharbor-alloy-release\)/,
    );
  });
});
