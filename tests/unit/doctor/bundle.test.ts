import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { text as consumed } from "node:stream/consumers";
import { bundleFiles, writeBundle } from "../../../doctor/bundle";
import { withHome } from "../../support/faultFacts";
import { healthyFacts } from "../../support/healthyFacts";

const secret = "Xy9aB3dE5gH7jK9mN2pQ4rS6tU8vW0xY2zA4bC6d";

describe("the bundle", () => {
  it("holds findings, versions, states and logs, without secrets, and only its owner reads it", async () => {
    const facts = withHome("loki", ({ pods }) => ({
      logs: new Map([["loki-0/loki", `level=error msg="login" password=${secret}\nlevel=info msg=ready\n`]]),
      pods: pods!.map((pod) => ({
        ...pod,
        status: { ...pod.status, conditions: [{ type: "Ready", status: "False", message: `token=${secret}` }] },
      })),
    }))(healthyFacts());
    const dir = mkdtempSync(join(tmpdir(), "doctor-"));
    try {
      const path = join(dir, "bundle.tar.gz");
      await writeBundle(
        path,
        bundleFiles(facts, { findings: [], unseen: [`bearer ${secret}`], canaries: [], tookMs: 1 }),
      );
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const found = new Map<string, string>();
      const reader = extract();
      reader.end(gunzipSync(readFileSync(path)));
      for await (const entry of reader) found.set(entry.header.name, await consumed(entry));
      assert.deepEqual(
        [...found.keys()],
        [
          "diagnosis.json",
          "versions.json",
          "settings.json",
          "states.json",
          "store.json",
          "unseen.json",
          "logs/loki/loki-0.loki.log",
        ].map((name) => `logharbor-doctor/${name}`),
      );
      for (const [name, content] of found) {
        assert.ok(!content.includes(secret), name);
        if (name.endsWith(".json")) JSON.parse(content);
      }
      assert.match(found.get("logharbor-doctor/logs/loki/loki-0.loki.log")!, /msg=ready/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
